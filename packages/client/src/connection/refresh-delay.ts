import type { Millis, Random } from '@kittiwake/base';

const EARLIEST = 0.75;
const LATEST = 0.9;

/** The longest that a platform's timer can wait is a little over 24 days. */
const DELAY_MAX_MS = 20 * 86_400_000;

/** Near its end a token is asked for once a second, not more often. */
const DELAY_MIN_MS = 1_000;

/** Past its end less often: where it goes on being over, so are the next ones, and whoever issues them is not to be asked every second. */
const OVER_MS = 10_000;

/** When to fetch the next token: uniform between 75 % and 90 % of the time that is left, so that a crowd spreads (SPEC K4). */
export function refreshDelay(leftMs: Millis, random: Random): Millis {
  if (leftMs <= 0) return OVER_MS;
  const delayMs = leftMs * (EARLIEST + (LATEST - EARLIEST) * random.next());
  return Math.min(DELAY_MAX_MS, Math.max(DELAY_MIN_MS, delayMs));
}

/** Whether a token would be over on a new connection before it can be refreshed there: then the next one is fetched first. */
export function endsTooSoon(leftMs: Millis): boolean {
  return leftMs * EARLIEST <= DELAY_MIN_MS;
}
