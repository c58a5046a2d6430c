import type { Millis } from '@kittiwake/base';

/** When entries of presence and announcements of gateways are repeated, and when they are forgotten. */
export type PresenceTiming = {
  /** An entry that nobody touches for so long expires. */
  readonly ttlMs: Millis;
  /** How often a store touches its own entries: two may be missed. */
  readonly touchEveryMs: Millis;
  /** How often each store looks for expired entries. */
  readonly sweepEveryMs: Millis;
  /** A gateway that has not announced itself for so long is forgotten: three announcements. */
  readonly gatewayTtlMs: Millis;
};

/** What every tier uses unless a test says otherwise. */
export const PRESENCE_TIMING: PresenceTiming = {
  ttlMs: 30_000,
  touchEveryMs: 10_000,
  sweepEveryMs: 5_000,
  gatewayTtlMs: 30_000,
};

/** Members that one channel can list; the wire carries no longer array. */
export const PRESENCE_MEMBERS_MAX = 10_000;
