import { globSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { commandOf, idsIn } from './processes-of.ts';

/** Where Linux shares out the cores (cgroup v1, as the nodes of a test cluster on this machine are made of). */
const CPU = '/sys/fs/cgroup/cpu';
const SLICE = `${CPU}/kittiwake-system`;
/** What `system.slice` weighs on a machine with systemd, and each thread of a process that is in no group. */
const SHARES = 1_024;
/** What the pods of a node weigh: on a machine of their own they would share it with their own kubelet and runtime alone. */
const NODE_SHARES = 6 * SHARES;
/** The names of Kubernetes' own processes, as far as Linux keeps them: 15 bytes. */
const DAEMONS: ReadonlySet<string> = new Set([
  'etcd',
  'kube-apiserver',
  'kube-controller',
  'kube-scheduler',
  'kube-proxy',
  'kubelet',
  'containerd',
  'containerd-shim',
]);

/** A process, and the group in which it competes for the cores. */
export type Competitor = { readonly pid: number; readonly name: string; readonly group: string };

/** Of these the ones of Kubernetes itself that compete one by one, with as much weight as anybody else. */
export function looseDaemons(all: readonly Competitor[]): readonly number[] {
  return all.filter(({ name, group }) => group === '/' && DAEMONS.has(name)).map(({ pid }) => pid);
}

/**
 * Shares out the cores between pods and Kubernetes' own processes as machines with systemd do: these are one group
 * (`system.slice`), and pods go before it. All pods of a node of a test cluster on this machine are a group as well, but one with
 * half the weight of a single thread of a kubelet, a container runtime or the API server, of which there are hundreds.
 * Returns what puts it back; `undefined` where nodes are no groups of this machine. Throws where that is not allowed.
 */
export function sliceSystem(): (() => void) | undefined {
  const nodes = globSync(`${CPU}/kw-node-*/cpu.shares`).map(file => ({ file, shares: readFileSync(file) }));
  if (nodes.length === 0) return undefined;
  mkdirSync(SLICE, { recursive: true });
  writeFileSync(`${SLICE}/cpu.shares`, String(SHARES));
  moveTo(SLICE, looseDaemons(competitors()));
  for (const { file } of nodes) writeFileSync(file, String(NODE_SHARES));
  return () => {
    for (const { file, shares } of nodes) writeFileSync(file, shares);
    moveTo(CPU, idsIn(`${SLICE}/cgroup.procs`));
    rmdirSync(SLICE);
  };
}

function competitors(): readonly Competitor[] {
  return globSync('/proc/[0-9]*').flatMap(directory => {
    const pid = Number(directory.slice('/proc/'.length));
    const group = groupOf(pid);
    return group === undefined ? [] : [{ pid, name: commandOf(pid), group }];
  });
}

/** Where a process competes for the cores; `undefined` where it has ended. */
function groupOf(pid: number): string | undefined {
  try {
    const groups = readFileSync(`/proc/${pid}/cgroup`, 'utf8');
    return /^\d+:(?:cpu|cpu,cpuacct|cpuacct,cpu):(.*)$/m.exec(groups)?.[1];
  } catch {
    return undefined;
  }
}

/** Moves processes with all of their threads; what they start from then on is there as well. */
function moveTo(group: string, pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      writeFileSync(`${group}/cgroup.procs`, String(pid));
    } catch (reason) {
      // One that has ended meanwhile is no trouble; one that may not be moved is.
      if (!(reason instanceof Error && 'code' in reason && reason.code === 'ESRCH')) throw reason;
    }
  }
}
