import type { Millis } from '@kittiwake/base';

/** How long the Redis tier waits for what. */
export const REDIS_TIMING = {
  /** For a TCP connection: longer means that the address is dead. */
  connectMs: 1_500,
  /** For the answer to a command that was sent; afterwards its outcome is unknown. */
  commandMs: 2_000,
  /** For one replica to hold what was written, before `replicated` is given up. */
  waitMs: 1_000,
  /** For a Sentinel's answer. */
  sentinelMs: 1_000,
  /** Without a byte, while answers are due, until the connection is given up. */
  silenceMs: 3_000,
  /** Until a connection that we closed is torn down, as a hung server does not close its end. */
  disconnectMs: 100,
  /** Until `start` gives up waiting and goes on as `degraded`. */
  startMs: 5_000,
  /** Reconnects: full jitter below base · 2^attempt, at most the cap. */
  reconnectBaseMs: 50,
  reconnectCapMs: 500,
  canaryEveryMs: 2_000,
  /** Until a canary that was sent counts as lost. */
  canaryLostMs: 5_000,
} as const satisfies { readonly [name: string]: Millis };

/** Commands that may wait for their answer on one connection; beyond that callers are refused at once. */
export const IN_FLIGHT_MAX = 20_000;

/** What a refused caller is told to wait: a failover takes about two seconds. */
export const RETRY_AFTER_MS: Millis = 1_000;

/**
 * How long an idle channel's offsets and chain are remembered. A channel that comes back later begins anew, under a new
 * epoch, so that a position of its former life is noticed.
 */
export const RETENTION_MS: Millis = 24 * 3_600_000;

/** Publications of one channel that may be hidden at a time; beyond that publishers are refused until a replica is there. */
export const HIDDEN_MAX = 10_000;
