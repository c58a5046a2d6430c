import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Sends SIGKILL, and waits for the end; does nothing to a process that has ended. */
export async function killChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
