import { assertNever, fullJitter, type Millis, type Random } from '@kittiwake/base';
import { CLOSE_CODES, type CloseCode, retryAfterClose } from '@kittiwake/protocol';
import type { ConnectionPolicy } from './connection-policy.ts';
import type { Ending, Outage } from './connection-state.ts';
import { delayOf } from './turned-away.ts';

/** What follows the end of a connection: another attempt after `delayMs`, with a new token where `reauth`; or nothing. */
export type RetryPlan =
  | { readonly next: 'wait'; readonly delayMs: Millis; readonly reauth: boolean }
  | { readonly next: 'stop' };

/** How the close table reads `code` (SPEC K2). */
export function endingOfClose(code: number): Ending {
  const reason = code in CLOSE_CODES ? CLOSE_CODES[code as CloseCode].reason : 'unknown_code';
  return { code, reason, retry: retryAfterClose(code) };
}

/**
 * Decides what follows `ending` (SPEC K1, K2, K19).
 * - `now` is at once the first time, and backs off when it goes on failing.
 * - `reauth` is at once the first time, given that tokens can be renewed at all.
 * - `retryAfterMs` of the gateway is a floor, and the jitter comes on top, so that a crowd does not return as one; unless
 *   the gateway has spread the crowd itself (K19).
 * - A backoff is never longer than the outage so far: of a crowd, some draw short delays and fail five times in three
 *   seconds, and would be sent away for half a minute when all others are back.
 */
export function planRetry(
  ending: Ending,
  outage: Outage,
  deps: { readonly policy: ConnectionPolicy; readonly random: Random; readonly nowMs: Millis },
): RetryPlan {
  const { policy, random } = deps;
  const floorMs = ending.retryAfterMs ?? 0;
  const capMs = Math.min(policy.backoff.capMs, ceilingByAgeMs(outage, deps));
  const backoffMs = (attempt: number): number =>
    floorMs + fullJitter({ ...policy.backoff, capMs }, attempt, random);
  if (ending.spreadMs !== undefined)
    return {
      next: 'wait',
      delayMs: delayOf({ retryAfterMs: floorMs, spreadMs: ending.spreadMs }, random),
      reauth: false,
    };
  switch (ending.retry) {
    case 'never':
      return { next: 'stop' };
    case 'now':
      return {
        next: 'wait',
        delayMs: outage.failures === 0 ? floorMs : backoffMs(outage.failures - 1),
        reauth: false,
      };
    case 'backoff':
      return { next: 'wait', delayMs: backoffMs(outage.failures), reauth: false };
    case 'reauth':
      if (!policy.tokenRenewable) return { next: 'stop' };
      return {
        next: 'wait',
        delayMs: outage.reauths === 0 ? floorMs : backoffMs(outage.failures),
        reauth: true,
      };
    default:
      return assertNever(ending.retry);
  }
}

/** What is carried over from before a short-lived connection counts in full. */
function ceilingByAgeMs(
  { sinceMs, carried = 0 }: Outage,
  { policy, nowMs }: { readonly policy: ConnectionPolicy; readonly nowMs: Millis },
): Millis {
  const ageMs = sinceMs === undefined ? 0 : nowMs - sinceMs;
  return Math.max(policy.backoff.baseMs, ageMs) * 2 ** Math.min(carried, 30);
}
