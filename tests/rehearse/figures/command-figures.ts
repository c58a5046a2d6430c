import type { Figure } from '../../drill/report/promises.ts';
import type { Measured } from '../act.ts';
import type { CommandCounts } from '../cluster/redis-door.ts';

/** Commands of Redis that clients who came back cost: those in `during`, less what a quiet time of this length has. */
export function commandsPerClient(
  quiet: Measured,
  during: Measured,
  returned: number,
): { readonly perClient: number; readonly byName: ReadonlyMap<string, number> } {
  const factor = (during.toMs - during.fromMs) / Math.max(1, quiet.toMs - quiet.fromMs);
  const usual = difference(quiet);
  const byName = new Map<string, number>();
  let sum = 0;
  for (const [name, calls] of difference(during)) {
    const more = calls - (usual.get(name) ?? 0) * factor;
    sum += more;
    byName.set(name, more / Math.max(1, returned));
  }
  return { perClient: Math.max(0, sum / Math.max(1, returned)), byName };
}

/** The same as a figure. */
export function commandFigure(
  quiet: Measured,
  during: readonly Measured[],
  { returned, atMost }: { readonly returned: number; readonly atMost?: number | undefined },
): Figure {
  const sums = during.map(one => commandsPerClient(quiet, one, returned).perClient);
  const value = Math.round(sums.reduce((sum, one) => sum + one, 0) * 10) / 10;
  // With a unit: what few clients cost beside the commands of a quiet time is a measurement, no count.
  return {
    what: 'Redis commands per returning client',
    value,
    unit: 'commands',
    ...(atMost !== undefined && { atMost }),
  };
}

function difference({ commandsBefore, commandsAfter }: Measured): CommandCounts {
  const counts = new Map<string, number>();
  for (const [name, calls] of commandsAfter) {
    const more = calls - (commandsBefore.get(name) ?? 0);
    if (more > 0) counts.set(name, more);
  }
  return counts;
}
