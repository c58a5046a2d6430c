import type { Ack, ErrorMessage } from '@kittiwake/protocol';
import { type Failure, failureOf, localFailure } from '../failure.ts';
import type { Entry } from './entry.ts';
import { acknowledged, isInDoubt, type PublishOutcome, refused } from './publish-outcome.ts';

/** What an answer makes of a publish. */
export type Verdict =
  | { readonly verdict: 'settled'; readonly outcome: PublishOutcome }
  /** Nobody has it for certain yet: it is sent again. */
  | { readonly verdict: 'again'; readonly failure: Failure }
  /** The gateway expects an earlier number of the lane first; this one was not stored. */
  | { readonly verdict: 'gap'; readonly expected: number }
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
    if (message.kind === 'sequence_gap') return gap(entry.sequence ?? 0, message, failure);
  }
  // What waited is the SDK's to send, so that a backlog outlives a broker that is away for a moment, and a rate.
  const persists = entry.waited || entry.lane !== undefined;
  if (persists && (failure.retry === 'now' || failure.retry === 'backoff'))
    return { verdict: 'again', failure };
  return { verdict: 'settled', outcome: refused(failure, key, entry.doubted || isInDoubt(failure)) };
}

function gap(sequence: number, { expectedSequence }: ErrorMessage, failure: Failure): Verdict {
  if (expectedSequence === undefined || expectedSequence === sequence) return { verdict: 'again', failure };
  if (expectedSequence > sequence) return fenced('numbers of this id and epoch were used that were not ours');
  return { verdict: 'gap', expected: expectedSequence };
}

function fenced(message: string): Verdict {
  return { verdict: 'fenced', failure: localFailure('fenced', message, 'never') };
}
