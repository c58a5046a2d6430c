import type { Random } from '@kittiwake/base';
import type { ChannelName } from '@kittiwake/protocol';
import type { FaultPlan } from '../faults/fault.ts';
import { between, pick } from '../world/sim-random.ts';

/** When the workload of a world begins. */
const BUSY_FROM_MS = 2_000;
/** For how long it goes on once the last fault is over. */
const AFTERMATH_MS = 7_000;
/** How much of it is where something goes wrong, at most so long before the moment and so long after it. */
const NEAR = { likely: 0.7, beforeMs: 1_000, afterMs: 6_000, there: 0.7 };

/** Says when the next thing is done, and where. */
export type Moments = () => { readonly atMs: number; readonly channel: ChannelName };

/**
 * Moments in the life of a world. Where nothing goes wrong little can be learned: so most of them are soon after a fault
 * began or ended, or shortly before, the more the nearer to it, and in one channel for the most part, as what is told in
 * time may only be missed where more follows. The others are anywhere: there has to be something to be lost. Pure but
 * for `random`.
 */
export function momentsOf(
  random: Random,
  channels: readonly ChannelName[],
  { faults, overMs }: FaultPlan,
): Moments {
  const turns = faults
    .flatMap(({ atMs, untilMs }) => (untilMs > atMs ? [atMs, untilMs] : [atMs]))
    .map(atMs => ({ atMs, channel: pick(random, channels) }));
  const until = overMs + AFTERMATH_MS;
  return () => {
    const channel = pick(random, channels);
    if (turns.length === 0 || random.next() >= NEAR.likely)
      return { atMs: between(random, BUSY_FROM_MS, until), channel };
    const turn = pick(random, turns);
    const aside = random.next() ** 2;
    const asideMs = random.next() < 0.2 ? -NEAR.beforeMs * aside : NEAR.afterMs * aside;
    return {
      atMs: Math.min(until, Math.max(BUSY_FROM_MS, turn.atMs + asideMs)),
      channel: random.next() < NEAR.there ? turn.channel : channel,
    };
  };
}
