import { assertNever } from '@kittiwake/base';
import type { Ack, AckLevel, Position } from '@kittiwake/protocol';
import { type Failure, localFailure } from '../failure.ts';

/** How a publish ended (SPEC P4, K5). `key` is its idempotency key: the same key again is stored once. */
export type PublishOutcome =
  /** Stored as far as `level` says; `position` is absent at level `received`. */
  | {
      readonly outcome: 'acked';
      readonly level: Exclude<AckLevel, 'replicated'>;
      readonly position?: Position;
      readonly duplicate: boolean;
      readonly key: string;
    }
  /** A replica holds it as well. */
  | {
      readonly outcome: 'replicated';
      readonly position?: Position;
      readonly duplicate: boolean;
      readonly key: string;
    }
  /** Certainly not stored. */
  | { readonly outcome: 'rejected'; readonly failure: Failure; readonly key: string }
  /** Nobody knows: publish again with the same `key`, and it is stored once. */
  | { readonly outcome: 'unknown'; readonly failure: Failure; readonly key: string };

/** The outcome that an acknowledgement tells. */
export function acknowledged(ack: Ack, key: string): PublishOutcome {
  const { level, position, duplicate = false } = ack;
  const where = position === undefined ? {} : { position };
  switch (level) {
    case 'received':
    case 'primary':
      return { outcome: 'acked', level, ...where, duplicate, key };
    case 'replicated':
      return { outcome: 'replicated', ...where, duplicate, key };
    default:
      return assertNever(level);
  }
}

/**
 * The outcome of a refusal. `doubted` where it may be stored all the same: then a refusal of the repetition says nothing
 * about the first sending.
 */
export function refused(failure: Failure, key: string, doubted: boolean): PublishOutcome {
  return { outcome: doubted ? 'unknown' : 'rejected', failure, key };
}

/** Kinds that do not say whether something was stored. */
const IN_DOUBT: readonly Failure['kind'][] = ['unknown_outcome', 'internal', 'timeout'];

/** Whether a failure leaves open what became of the publish. */
export function isInDoubt({ kind }: Failure): boolean {
  return IN_DOUBT.includes(kind);
}

/** Why a publish ends with its client; with a store (`kept`) the next life may go on with it. */
export function closed(kept: boolean): Failure {
  const text = kept ? 'the client was closed; the next one with its store goes on' : 'the client was closed';
  return localFailure('closed', text, 'never');
}

/** Why a publish is given up that was sent, or was not. */
export function expiry(wasSent: boolean): Failure {
  return wasSent
    ? localFailure('timeout', 'no acknowledgement came in time', 'now')
    : localFailure('expired', 'no connection came in time', 'backoff');
}
