import type { Json } from '@kittiwake/protocol';
import type { PublishOutcome } from './publish-outcome.ts';

/**
 * A publish has ended for which nobody waits any more: one of an earlier life of the application, one that a failover
 * lost and that was published again, or one whose caller was told `unknown` before.
 */
export type Settled = {
  readonly channel: string;
  readonly event: string;
  readonly data: Json;
  readonly outcome: PublishOutcome;
};

/**
 * Publishes that were acknowledged, are no longer part of the channel, and are not published again: the channel does not
 * ask for that, or they are not held any more. Both ends are included.
 * - `sequence_gap`: numbers of the channel's producer (SPEC K16);
 * - `truncated`: offsets between which they stood (SPEC K17);
 * - `unknown`: the same, and whether they are gone cannot be known: the history is another one.
 */
export type Lost = {
  readonly reason: 'sequence_gap' | 'truncated' | 'unknown';
  readonly from: number;
  readonly to: number;
};
