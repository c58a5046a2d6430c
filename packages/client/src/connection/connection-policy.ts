import { type BackoffBounds, type Millis, RECONNECT_BACKOFF } from '@kittiwake/base';

/** How a connection behaves; every duration in milliseconds. */
export type ConnectionPolicy = {
  readonly backoff: BackoffBounds;
  /** From the dial to an open socket, and as long again to `connected`. */
  readonly connectTimeoutMs: Millis;
  /** For the token callback. */
  readonly tokenTimeoutMs: Millis;
  /** A connection that stood this long counts as success: failures are counted from 0 again. */
  readonly stableAfterMs: Millis;
  /** An outage that lasts this long is shown as `suspended`. */
  readonly suspendAfterMs: Millis;
  /** For the answer to a probe. */
  readonly probeTimeoutMs: Millis;
  /** There is a token callback, so that a refused token can be replaced. */
  readonly tokenRenewable: boolean;
};

/** The policy unless told otherwise. */
export const CONNECTION_POLICY: ConnectionPolicy = {
  backoff: RECONNECT_BACKOFF,
  connectTimeoutMs: 3_000,
  tokenTimeoutMs: 10_000,
  stableAfterMs: 10_000,
  suspendAfterMs: 120_000,
  probeTimeoutMs: 3_000,
  tokenRenewable: true,
};
