import type { Bytes, Millis } from '@kittiwake/base';
import { type Failure, localFailure } from '../failure.ts';
import { type Entry, isUnsent } from './entry.ts';
import type { EntryList } from './entry-list.ts';

/** How many publishes may wait, for a connection or for their acknowledgement, and what happens to one too many (SPEC K6). */
export type QueueBounds = {
  readonly messagesMax: number;
  /** Encoded size of all of them. */
  readonly bytesMax: Bytes;
  /** How long one may wait before it is given up. */
  readonly ageMaxMs: Millis;
  /** `reject` refuses the new one, `drop-oldest` the oldest that was never sent. */
  readonly whenFull: 'reject' | 'drop-oldest';
};

/** The bounds unless told otherwise: 1,000 publishes, 1 MB, 2 minutes. */
export const QUEUE_BOUNDS: QueueBounds = {
  messagesMax: 1_000,
  bytesMax: 1_000_000,
  ageMaxMs: 120_000,
  whenFull: 'reject',
};

/** Why a publish of so many bytes does not fit beside what is held, and which one may be dropped for it, where one may. */
export function overflow(
  { messagesMax, bytesMax, whenFull }: QueueBounds,
  held: EntryList,
  bytes: Bytes,
): { readonly failure: Failure; readonly victim: Entry | undefined } | undefined {
  if (held.size < messagesMax && held.bytes + bytes <= bytesMax) return undefined;
  const text = `the queue holds ${messagesMax} publishes and ${bytesMax} bytes at most`;
  const mayDrop = whenFull === 'drop-oldest' && bytes <= bytesMax;
  return {
    failure: localFailure('queue_full', text, 'backoff'),
    victim: mayDrop ? held.all().find(isUnsent) : undefined,
  };
}
