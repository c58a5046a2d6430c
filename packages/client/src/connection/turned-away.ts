import type { Millis, Random } from '@kittiwake/base';

/** When a gateway that lets no more in has said to come back, and over how long the client spreads itself after that. */
export type TurnedAway = { readonly retryAfterMs: Millis; readonly spreadMs: Millis };

/** Whoever says more has made a mistake, or is under repair: it is asked again by then. */
const TOLD_MAX_MS: Millis = 300_000;
/** `Retry-After` counts in whole seconds: without this a crowd would come at their beginnings. */
const WHOLE_SECONDS_MS: Millis = 1_000;

/** A gateway that lets no more in has said when to come back: before the session began, so that nothing is lost (SPEC K19). */
export function turnedAway(toldMs: Millis, by: 'goaway' | 'retry-after'): TurnedAway {
  const spreadMs = by === 'goaway' ? 0 : WHOLE_SECONDS_MS;
  return { retryAfterMs: Math.min(toldMs, TOLD_MAX_MS), spreadMs };
}

/** The wait: what was told and nothing on top but the spread, as the gateway has spread its clients itself. */
export function delayOf({ retryAfterMs, spreadMs }: TurnedAway, random: Random): Millis {
  return retryAfterMs + random.next() * spreadMs;
}
