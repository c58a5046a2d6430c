import type { ErrorKind, Retry } from '@kittiwake/protocol';

/** Kinds of failure that the SDK itself reports, besides those of the protocol. */
export type LocalFailureKind =
  /** The connection broke before the answer came. */
  | 'disconnected'
  /** The client, or the membership, was closed before the answer came. */
  | 'closed'
  /** As many requests, or bytes, wait as may wait. */
  | 'queue_full'
  /** It waited in the queue for as long as it may. */
  | 'expired'
  /** The data cannot be written as JSON. */
  | 'not_serializable'
  /** The gateway answered with something else than was asked for. */
  | 'unexpected_answer'
  /** The handler of `process` threw, or its promise rejected. */
  | 'handler_failed'
  /** `process` was called while an earlier handler still works. */
  | 'already_processing'
  | StoreFailureKind;

/** Kinds of failure of a store of publishes. */
export type StoreFailureKind =
  /** There is no such storage here, or it is blocked, as in some private windows. */
  | 'store_unavailable'
  /** Another client has it. */
  | 'store_locked'
  /** It holds as much as it may. */
  | 'store_full'
  /** It could not be read or written. */
  | 'store_failed'
  /** Part of what it held cannot be read. */
  | 'store_damaged';

/** Why something was not done. Expected failures are values; nothing in the SDK throws them. */
export type Failure = {
  /** Stable; what programs look at. */
  readonly kind: ErrorKind | LocalFailureKind;
  /** For people. */
  readonly message: string;
  /** What helps: the same again now, after a backoff, with a new token, or nothing. */
  readonly retry: Retry;
  readonly retryAfterMs?: number;
  /** The field that was wrong, as `data.text`. */
  readonly path?: string;
};

/** The failure that an `error` message tells. */
export function failureOf(message: Failure): Failure {
  const { kind, message: text, retry, retryAfterMs, path } = message;
  return {
    kind,
    message: text,
    retry,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(path === undefined ? {} : { path }),
  };
}

/** A failure of the SDK's own. */
export function localFailure(
  kind: LocalFailureKind | 'timeout' | 'message_too_large' | 'fenced',
  message: string,
  retry: Retry,
): Failure {
  return { kind, message, retry };
}

/** The gateway answered `asked` with a message of another type than belongs to it. */
export function unexpectedAnswer(asked: string, answered: string): Failure {
  return localFailure('unexpected_answer', `${asked} was answered by ${answered}`, 'never');
}
