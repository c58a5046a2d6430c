import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  type Child,
  canMakeNamespaces,
  createNamespaces,
  elapse,
  type NamespacedNetwork,
  skipWithoutRedis,
  startChild,
  until,
} from '@kittiwake/testkit';
import { PASSWORDS, writeTierFiles } from './tier-files.ts';

const START = new URL('../src/scripts/sentinel-start.sh', import.meta.url).pathname;
/** An address that a host answers for, or rejects at once, as kube-proxy does where a Service has no pod. */
const SERVICE = '10.99.87.1';
const skip = skipWithoutRedis() || (canMakeNamespaces() ? false : 'needs root and iproute2');

describe('a Sentinel whose peer was away', { skip, timeout: 90_000 }, () => {
  let directory: string;
  let network: NamespacedNetwork;
  const running: Child[] = [];
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kittiwake-relink-'));
    await writeTierFiles(directory);
    network = createNamespaces(2);
  });
  after(async () => {
    await Promise.all(running.map(child => child.kill()));
    network.remove();
    await rm(directory, { recursive: true, force: true });
  });

  test('[G10] spins no longer once the peer is back', async () => {
    const [own, peer] = network.hosts;
    assert.ok(own !== undefined && peer !== undefined);
    const ip = (...args: readonly string[]): Buffer => execFileSync('ip', ['-n', peer.namespace, ...args]);
    const arrive = (): Buffer => ip('address', 'add', `${SERVICE}/32`, 'dev', 'lo');
    const leave = (): Buffer => ip('address', 'del', `${SERVICE}/32`, 'dev', 'lo');
    const start = async (namespace: string, ...command: readonly string[]): Promise<Child> => {
      const child = await startChild({
        command: 'ip',
        args: ['netns', 'exec', namespace, ...command],
        env: tierOf(own.address, directory),
      });
      running.push(child);
      return child;
    };
    execFileSync('ip', ['-n', own.namespace, 'route', 'add', `${SERVICE}/32`, 'via', peer.address]);
    execFileSync('ip', ['netns', 'exec', peer.namespace, 'sysctl', '-q', '-w', 'net.ipv4.ip_forward=1']);
    ip('route', 'add', 'unreachable', `${SERVICE}/32`);
    arrive();
    await start(peer.namespace, 'redis-server', await configuration(directory));
    const sentinel = await start(own.namespace, START);
    await until(() => sentinel.output().includes('+monitor'), { timeoutMs: 20_000, what: 'it watches' });

    leave();
    await until(() => isSpinning(sentinel), {
      timeoutMs: 20_000,
      what: 'it spins: the kernel does as is said',
    });
    arrive();
    const what = 'the peer closed its connections';
    await until(() => sentinel.output().includes('closed its connection'), { timeoutMs: 30_000, what });
    await until(async () => !(await isSpinning(sentinel)), { timeoutMs: 20_000, what: 'it rests' });
    const isKnownWell = (): boolean => isWell(masterOf(own.namespace));
    await until(isKnownWell, { timeoutMs: 20_000, what: 'the Sentinel hears of the peer again' });
    assert.ok(!(await isSpinning(sentinel)));
  });
});

/** What the Sentinel in a namespace says of the primary, each field followed by its value. */
function masterOf(namespace: string): readonly string[] {
  const login = ['redis-cli', '--user', 'sentinel', '--pass', PASSWORDS['sentinel-password'], '-p', '26379'];
  const args = ['netns', 'exec', namespace, ...login, '--no-auth-warning', 'SENTINEL', 'MASTER', 'kittiwake'];
  return execFileSync('ip', args, { encoding: 'utf8' }).split('\n');
}

function isWell(master: readonly string[]): boolean {
  const told = (field: string): string | undefined => master[master.indexOf(field) + 1];
  return told('flags') === 'master' && Number(told('last-ok-ping-reply')) < 1_000;
}

/** Whether it takes more than a fifth of a core, for half a second. */
async function isSpinning({ pid }: Child): Promise<boolean> {
  const earlier = await ticks(pid);
  await elapse(500);
  return (await ticks(pid)) - earlier > 10;
}

/** Hundredths of a second that a process has had of a core (proc_pid_stat(5)). */
async function ticks(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(' ');
  return Number(fields[13]) + Number(fields[14]);
}

/** Has what is mounted as `redis-start.sh` would have it, and returns the file that Redis is started with. */
async function configuration(directory: string): Promise<string> {
  const users = join(directory, 'users.acl');
  const acl = Object.entries(PASSWORDS).reduce(
    (text, [name, password]) => text.replace(`@${name.split('-')[0]}@`, `>${password}`),
    await readFile(users, 'utf8'),
  );
  await writeFile(users, acl);
  const settings = join(directory, 'redis.conf');
  await appendFile(settings, `port 6379\ndir ${directory}\naclfile ${users}\n`);
  return settings;
}

/** What the scripts are told of a tier of one Redis and one Sentinel. */
function tierOf(own: string, directory: string): Readonly<Record<string, string>> {
  return {
    SELF: `${own}:26379`,
    REDIS_PEERS: `${SERVICE}:6379`,
    SENTINEL_PEERS: `${own}:26379`,
    QUORUM: '1',
    DOWN_AFTER_MS: '1000',
    FAILOVER_TIMEOUT_MS: '10000',
    SECRETS_DIR: directory,
    DATA_DIR: join(directory, 'sentinel'),
  };
}
