import type { Millis } from '@kittiwake/base';
import type { Retry, SessionId, UserId } from '@kittiwake/protocol';

/**
 * The states of the connection to a cluster. Each phase holds only its own data; `transition.ts` says how they follow
 * each other, `connection.ts` runs the effects.
 */

/** What is kept from one connection to the next. */
export type Keepsake = {
  /** The session to continue; absent before the first `connected`. */
  readonly session?: SessionId;
  /** The token to use; absent where a new one must be fetched. */
  readonly token?: string;
  /** Monotonic time at which the token expires; absent until a gateway said so. */
  readonly tokenExpiresAtMs?: Millis;
};

/** How long and how often it has not worked. */
export type Outage = {
  /** Attempts that failed since a connection last stood for the stable time; counts the backoff up. */
  readonly failures: number;
  /** Of these, the failures from before the last connection, which did not stand for long enough; absent: none. */
  readonly carried?: number;
  /** Refusals of a token in a row; the first one is answered at once, later ones after a backoff. */
  readonly reauths: number;
  /** Of these, those for which nobody answered in time: each has the next attempt wait for twice as long; absent: none. */
  readonly timeouts?: number;
  /** Monotonic time since when there is no connection; absent before the first failure. */
  readonly sinceMs?: Millis;
  /** It has lasted longer than `suspendAfterMs`. */
  readonly suspended: boolean;
};

/** What the gateway said when it accepted the session. */
export type Link = {
  readonly session: SessionId;
  readonly user: UserId;
  readonly gateway: string;
  /** Monotonic time at which the token expires: what was left of it, from the moment at which that was heard (SPEC K4). */
  readonly expiresAtMs: Millis;
  readonly pingIntervalMs: Millis;
  readonly pingTimeoutMs: Millis;
  readonly messageBytesMax: number;
};

/** Why a connection ended, or was not made. `code` is absent where no socket was involved. */
export type Ending = {
  readonly reason: string;
  readonly code?: number;
  readonly retry: Retry;
  readonly retryAfterMs?: Millis;
  /** The gateway has spread its clients itself, to within so long: no backoff comes on top of `retryAfterMs`. */
  readonly spreadMs?: Millis;
};

/** Where the connection stands. */
export type ConnectionState =
  | { readonly phase: 'idle' }
  /** Waits for a token. */
  | { readonly phase: 'authorizing'; readonly keepsake: Keepsake; readonly outage: Outage }
  /** From the dial to `connected`; `connectTimeoutMs` until the socket is open, and again until the answer. */
  | {
      readonly phase: 'connecting';
      readonly keepsake: Keepsake;
      readonly outage: Outage;
      readonly token: string;
    }
  | {
      readonly phase: 'connected';
      readonly keepsake: Keepsake;
      readonly outage: Outage;
      readonly link: Link;
      /** Monotonic time at which a `goaway` asked to connect anew. */
      readonly leaveAtMs?: Millis;
    }
  /** Waits before the next attempt. */
  | {
      readonly phase: 'waiting';
      readonly keepsake: Keepsake;
      readonly outage: Outage;
      readonly ending: Ending;
      readonly delayMs: Millis;
    }
  | { readonly phase: 'closed'; readonly ending: Ending };

/** Nothing has failed yet. */
export const NO_OUTAGE: Outage = { failures: 0, reauths: 0, suspended: false };
