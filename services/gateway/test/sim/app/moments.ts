import type { Random } from '@kittiwake/base';
import type { FaultPlan } from '../faults/fault.ts';
import { between, pick } from '../world/sim-random.ts';

/** When the workload of a world begins. */
const BUSY_FROM_MS = 2_000;
/** For how long it goes on once the last fault is over. */
const AFTERMATH_MS = 7_000;
/** How much of it is where something goes wrong, at most so long before the moment and so long after it. */
const NEAR = { likely: 0.7, beforeMs: 1_000, afterMs: 6_000 };

/** Says when the next thing is done. */
export type Moments = () => number;

/**
 * Moments in the life of a world. Where nothing goes wrong little can be learned: so most of them are soon after a fault
 * began or ended, or shortly before, the more the nearer to it; the others are anywhere, as there has to be something to
 * be lost. Pure but for `random`.
 */
export function momentsOf(random: Random, { faults, overMs }: FaultPlan): Moments {
  const turns = faults.flatMap(({ atMs, untilMs }) => (untilMs > atMs ? [atMs, untilMs] : [atMs]));
  const until = overMs + AFTERMATH_MS;
  return () => {
    if (turns.length === 0 || random.next() >= NEAR.likely) return between(random, BUSY_FROM_MS, until);
    const aside = random.next();
    const asideMs = random.next() < 0.2 ? -NEAR.beforeMs * aside ** 2 : NEAR.afterMs * aside ** 2;
    return Math.min(until, Math.max(BUSY_FROM_MS, pick(random, turns) + asideMs));
  };
}
