import { AssertionError } from '@kittiwake/base';
import type { BrokerFailure } from '../broker.ts';
import { RETRY_AFTER_MS } from './redis-timing.ts';

/** Replies by which Redis says that it did not run the command, or that a script had not written before it stopped. */
const REFUSALS = /^-?(NOREPLICAS|MISCONF|OOM|LOADING|READONLY|MASTERDOWN|BUSY|NOAUTH|WRONGPASS|NOPERM)\b/;
/** ioredis: the command was never written, because the offline queue is off. */
const NOT_SENT = /isn't writeable/;

/** A refusal that certainly changed nothing. */
export function unavailable(reason: string): BrokerFailure {
  return { kind: 'broker_unavailable', message: reason, retryAfterMs: RETRY_AFTER_MS };
}

/** Nobody knows whether it happened. */
export function unknownOutcome(reason: string): BrokerFailure {
  return { kind: 'unknown_outcome', message: reason };
}

/**
 * What a rejected command means (SPEC P4). Whatever is not known to have changed nothing is `unknown_outcome`, unless
 * the command changes nothing anyway. Messages of Redis name no data; they are cut all the same.
 */
export function failureOf(reason: unknown, options: { readonly writes: boolean }): BrokerFailure {
  const message = reason instanceof Error ? reason.message : String(reason);
  const refusal = REFUSALS.exec(message)?.[1];
  if (refusal !== undefined) return unavailable(`Redis answered ${refusal}`);
  if (NOT_SENT.test(message)) return unavailable('there is no connection to Redis');
  const text = `Redis did not confirm: ${message.slice(0, 100)}`;
  return options.writes ? unknownOutcome(text) : unavailable(text);
}

/** Whether it is none of the failures that are expected: our mistake, or the server's configuration. It is logged as an error. */
export function isUnexpected(reason: unknown): boolean {
  if (reason instanceof AssertionError) return true;
  return reason instanceof Error && reason.name === 'ReplyError' && !REFUSALS.test(reason.message);
}
