import { globSync, readFileSync } from 'node:fs';

/** Where the nodes of a test cluster on this machine keep their pods. */
const CGROUPS = '/sys/fs/cgroup/pids/kw-node-*/kubepods/**';

/** Whether pods are processes of this machine, so that they can be killed as a machine would. */
export function canSignal(): boolean {
  return globSync('/sys/fs/cgroup/pids/kw-node-*').length > 0;
}

/** Host ids of the processes of a pod, but for the one that only holds its network. */
export function processesOf(podUid: string): readonly number[] {
  return globSync(`${CGROUPS}/pod${podUid}/*/cgroup.procs`)
    .flatMap(file => idsIn(file))
    .filter(id => commandOf(id) !== 'pause');
}

/** Host ids of the processes that a `cgroup.procs` lists. */
export function idsIn(file: string): readonly number[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter(line => line !== '').map(Number);
}

/** Sends a signal to all processes of a pod; how many there were. */
export function signalPod(podUid: string, signal: NodeJS.Signals): number {
  const ids = processesOf(podUid);
  for (const id of ids) {
    try {
      process.kill(id, signal);
    } catch {
      // It has ended by itself.
    }
  }
  return ids.length;
}

/** The name of a process, as far as Linux keeps it; empty where it has ended. */
export function commandOf(id: number): string {
  try {
    return readFileSync(`/proc/${id}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
