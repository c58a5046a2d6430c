import type { Millis } from '@kittiwake/base';
import type { Ack, ErrorMessage } from '@kittiwake/protocol';
import { type Failure, failureOf, localFailure } from '../failure.ts';
import type { Entry } from './entry.ts';
import type { LaneNumber } from './lane.ts';
import { acknowledged, isInDoubt, type PublishOutcome, refused } from './publish-outcome.ts';

/**
 * What is stored of a lane ends before the number `expected`; 1 where the channel knows nothing of its producer, which it
 * forgets after `rememberedMs`.
 */
export type Gap = { readonly expected: number; readonly rememberedMs: Millis };

/** What an answer makes of a publish. */
export type Verdict =
  | { readonly verdict: 'settled'; readonly outcome: PublishOutcome }
  /** Nobody has it for certain yet: it is sent again. */
  | { readonly verdict: 'again'; readonly failure: Failure }
  /** It does not follow what is stored, which ends before `expected`; this one was not stored. */
  | { readonly verdict: 'gap'; readonly gap: Gap }
  /** The lane is over. */
  | { readonly verdict: 'fenced'; readonly failure: Failure };

/** Judges an answer (SPEC P4, K5, K16). */
export function judge(entry: Entry, message: Ack | ErrorMessage): Verdict {
  const { key } = entry.message;
  if (message.type === 'ack') {
    // The number was never sent before, and is taken: what is stored under it is not this publish.
    if (entry.lane !== undefined && message.duplicate === true && !entry.doubted)
      return fenced('another publisher uses this id and epoch');
    return { verdict: 'settled', outcome: acknowledged(message, key) };
  }
  const failure = failureOf(message);
  if (message.kind === 'draining') return { verdict: 'again', failure };
  if (entry.lane !== undefined) {
    if (message.kind === 'fenced') return { verdict: 'fenced', failure };
    if (message.kind === 'sequence_gap') return gap(entry.number, message, failure);
  }
  // What waited is the SDK's to send, so that a backlog outlives a broker that is away for a moment, and a rate.
  const persists = entry.waited || entry.lane !== undefined;
  if (persists && (failure.retry === 'now' || failure.retry === 'backoff'))
    return { verdict: 'again', failure };
  return { verdict: 'settled', outcome: refused(failure, key, entry.doubted || isInDoubt(failure)) };
}

function gap(number: LaneNumber | undefined, error: ErrorMessage, failure: Failure): Verdict {
  const { expectedSequence: expected, rememberedMs = 0 } = error;
  // It follows exactly that: the answer to an earlier sending, or of a gateway that is too old to know what follows what.
  if (expected === undefined || number === undefined || expected === number.follows + 1)
    return { verdict: 'again', failure };
  if (expected > number.sequence) return fenced('numbers of this id and epoch were used that were not ours');
  return { verdict: 'gap', gap: { expected, rememberedMs } };
}

function fenced(message: string): Verdict {
  return { verdict: 'fenced', failure: localFailure('fenced', message, 'never') };
}
