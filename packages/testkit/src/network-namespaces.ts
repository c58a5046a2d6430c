import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

/** One host of the network: a Linux namespace of its own, with one address. */
export type NamespacedHost = { readonly namespace: string; readonly address: string };

/** Hosts on one bridge of this machine, each of which can be cut off from all others. */
export type NamespacedNetwork = {
  readonly hosts: readonly NamespacedHost[];
  /** From now on nothing that is sent to or from the host arrives, and nobody is told: a cable that was pulled. */
  cut(host: NamespacedHost): void;
  heal(host: NamespacedHost): void;
  /** Takes everything away; the processes in it must have ended. Harmless when called twice. */
  remove(): void;
};

/** Names are `kwd<process>` and a letter or a number: a device may have 15 characters. */
const PREFIX = 'kwd';
const HOSTS_MAX = 9;

/** Whether this process may make namespaces: root, on Linux, with iproute2. */
export function canMakeNamespaces(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const probe = `${PREFIX}${process.pid}p`;
  if (spawnSync('ip', ['netns', 'add', probe], { stdio: 'ignore' }).status !== 0) return false;
  return spawnSync('ip', ['netns', 'del', probe], { stdio: 'ignore' }).status === 0;
}

/**
 * Makes `count` hosts. They are removed by `remove`, at the latest when the process exits; what a killed process left
 * behind is removed by the next one that makes some.
 */
export function createNamespaces(count: number): NamespacedNetwork {
  if (count > HOSTS_MAX) throw new Error(`at most ${HOSTS_MAX} hosts`);
  removeOrphans();
  const name = `${PREFIX}${process.pid}`;
  const bridge = `${name}b`;
  const net = `10.87.${process.pid % 250}`;
  const hosts = Array.from({ length: count }, (_, index) => ({
    namespace: `${name}n${index + 1}`,
    address: `${net}.${index + 11}`,
  }));
  let present = true;
  const remove = (): void => {
    if (present) removeAll(name, hosts);
    present = false;
    process.off('exit', remove);
  };
  process.on('exit', remove);
  try {
    ip('link', 'add', bridge, 'address', macOf(1), 'type', 'bridge');
    ip('address', 'add', `${net}.1/24`, 'dev', bridge);
    ip('link', 'set', bridge, 'up');
    for (const host of hosts) addHost(host, bridge);
    acquaint(hosts, { bridge, address: `${net}.1` });
  } catch (reason) {
    remove();
    throw reason;
  }
  return {
    hosts,
    cut: host => ip('link', 'set', outerEnd(host), 'down'),
    heal: host => ip('link', 'set', outerEnd(host), 'up'),
    remove,
  };
}

function addHost(host: NamespacedHost, bridge: string): void {
  const { namespace, address } = host;
  ip('netns', 'add', namespace);
  ip('link', 'add', outerEnd(host), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
  ip('link', 'set', outerEnd(host), 'master', bridge, 'up');
  ip('-n', namespace, 'link', 'set', 'lo', 'up');
  ip('-n', namespace, 'link', 'set', 'eth0', 'address', macOf(lastByte(address)), 'up');
  ip('-n', namespace, 'address', 'add', `${address}/24`, 'dev', 'eth0');
}

/** Everybody knows everybody's hardware address for good: a host that is cut off is silent, never "unreachable". */
function acquaint(
  hosts: readonly NamespacedHost[],
  outside: { readonly bridge: string; readonly address: string },
): void {
  const know = (where: readonly string[], address: string, device: string): void =>
    ip(
      ...where,
      'neigh',
      'replace',
      address,
      'lladdr',
      macOf(lastByte(address)),
      'dev',
      device,
      'nud',
      'permanent',
    );
  for (const host of hosts) {
    know([], host.address, outside.bridge);
    for (const { address } of [...hosts.filter(other => other !== host), outside])
      know(['-n', host.namespace], address, 'eth0');
  }
}

function removeAll(name: string, hosts: readonly NamespacedHost[]): void {
  for (const host of hosts) spawnSync('ip', ['netns', 'del', host.namespace], { stdio: 'ignore' });
  for (const host of hosts) spawnSync('ip', ['link', 'del', outerEnd(host)], { stdio: 'ignore' });
  spawnSync('ip', ['link', 'del', `${name}b`], { stdio: 'ignore' });
}

/** Namespaces and bridges of processes that are no more. */
function removeOrphans(): void {
  const listed = spawnSync('ip', ['-o', 'link', 'show', 'type', 'bridge'], { encoding: 'utf8' }).stdout ?? '';
  const names = [...listed.matchAll(/\b(kwd(\d+))b:/g)];
  for (const [, name = '', pid = ''] of names) {
    if (isRunning(pid)) continue;
    const namespaces = namespacesOf(name);
    removeAll(
      name,
      namespaces.map(namespace => ({ namespace, address: '' })),
    );
  }
}

function namespacesOf(name: string): readonly string[] {
  const listed = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' }).stdout ?? '';
  return listed
    .split('\n')
    .map(line => line.split(' ')[0] ?? '')
    .filter(namespace => namespace.startsWith(`${name}n`));
}

function isRunning(pid: string): boolean {
  return readdirSync('/proc').includes(pid);
}

/** The end of a host's cable that is plugged into the bridge. */
function outerEnd({ namespace }: NamespacedHost): string {
  return `${namespace}v`;
}

function lastByte(address: string): number {
  return Number(address.split('.').at(-1));
}

function macOf(number: number): string {
  return `02:4b:57:00:00:${number.toString(16).padStart(2, '0')}`;
}

function ip(...args: readonly string[]): void {
  const done = spawnSync('ip', [...args], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`ip ${args.join(' ')}: ${done.stderr ?? done.error}`);
}
