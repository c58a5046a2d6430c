import { existsSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * How a process of clients competes for the cores of a machine that it shares with what it measures, as `nice` counts: 0 like
 * everything else, below it is served first, above it yields.
 */
export type Niceness = number;

/** Sets it where the system allows that. Linux shares cores out among sessions first, so that the process needs one of its own. */
export function setNiceness(pid: number, niceness: Niceness): void {
  const session = `/proc/${pid}/autogroup`;
  try {
    setPriority(pid, niceness);
    if (existsSync(session)) writeFileSync(session, String(niceness));
  } catch {
    // Only root may have a process served first; then its stalls are told with the figures.
  }
}
