import type { Bytes, Millis, Timer } from '@kittiwake/base';
import type { Position, Ref, WireData } from '@kittiwake/protocol';
import type { KeyedPublish } from './encode-publish.ts';
import type { Lane, LaneNumber } from './lane.ts';
import type { Tell } from './teller.ts';

/**
 * A publish that is not settled. Phases:
 * - `keeping`: the store does not have it yet;
 * - `queued`: waits until it may be sent;
 * - `sent`: waits for its answer.
 */
export type Entry = {
  readonly ref: Ref;
  readonly message: KeyedPublish;
  /** The numbers of which it takes one; absent where its channel has no producer. */
  readonly lane: Lane | undefined;
  /** Published again where a truncation cuts it off (SPEC K17). */
  readonly republish: boolean;
  readonly bytes: Bytes;
  /** Wall-clock time of the publish. */
  readonly atMs: number;
  /** It has a bound of its own, so that one sending may take as long. */
  readonly patient: boolean;
  /** Earlier ones are sent earlier, also in the next life of the application. */
  order: number;
  /** A repetition sends the same bytes, unless it follows another number now. */
  data: WireData;
  phase: 'keeping' | 'queued' | 'sent';
  /** Given when it is sent first; absent before that, and where its channel has no producer. */
  number: LaneNumber | undefined;
  /** An earlier sending was never answered, or may be: it may be stored. */
  doubted: boolean;
  /** The store has had it: the next life may send it, whatever is told here. */
  kept: boolean;
  /** It could not be sent at once: it belongs to the backlog. */
  waited: boolean;
  /** It came before its turn: it is sent again when nothing of its lane is under way. */
  alone: boolean;
  /** Acknowledgements of its lane when it was sent last. */
  acksBefore: number;
  giveUpAtMs: Millis;
  timer: Timer | undefined;
  tell: Tell;
  /** Where it was acknowledged last. */
  stoodAt: Position | undefined;
  /** Whoever waited was told `unknown` already; it stays because its number is in doubt. */
  told: boolean;
};

/** Which publish it is: the same key in the same channel is the same publish. */
export function entryId({ channel, key }: Pick<KeyedPublish, 'channel' | 'key'>): string {
  return `publish ${channel} ${key}`;
}

/** Whether nobody can say that it is not stored. */
export function isDoubtful(entry: Entry): boolean {
  return entry.doubted || entry.phase === 'sent';
}

/** Whether it may be dropped without a doubt: it was never sent, and has no number. */
export function isUnsent(entry: Entry): boolean {
  return entry.phase === 'queued' && !entry.doubted && entry.number === undefined;
}

/** Whether it waits until it may be sent. */
export function isQueued(entry: Entry): boolean {
  return entry.phase === 'queued';
}

/** How long until something has to be done about it: its own bound, or that of one sending; `undefined` for never. */
export function deadlineMs(
  entry: Entry,
  { nowMs, ackTimeoutMs }: { readonly nowMs: Millis; readonly ackTimeoutMs: Millis },
): Millis | undefined {
  const leftMs = entry.told ? undefined : Math.max(0, entry.giveUpAtMs - nowMs);
  if (entry.phase !== 'sent') return leftMs;
  if (leftMs === undefined) return ackTimeoutMs;
  return entry.patient ? leftMs : Math.min(leftMs, ackTimeoutMs);
}
