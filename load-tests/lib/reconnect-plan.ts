import { type BackoffBounds, fullJitter, RECONNECT_BACKOFF } from '../../packages/base/src/backoff.ts';
import type { Random } from '../../packages/base/src/random.ts';
import { retryAfterClose } from '../../packages/protocol/src/close-codes.ts';

/** What happened to the connection. */
export type Ending = {
  /** Close code; 1006 for a broken or refused connection. */
  readonly code: number;
  /** Attempts since the last one that came to `connected`. */
  readonly attempt: number;
  /** What `goaway` asked for, if it came. */
  readonly reconnectAfterMs?: number;
};

/** What to do next. */
export type ReconnectPlan =
  | { readonly action: 'wait'; readonly delayMs: number }
  | { readonly action: 'stop'; readonly why: string };

/**
 * Obeys the close table as the SDK does: `now` without a wait once, then with backoff like everything else; a token
 * cannot be renewed here, so `reauth` stops; full jitter, so that a crowd does not come back as a crowd.
 */
export function reconnectPlan(
  ending: Ending,
  random: Random,
  bounds: BackoffBounds = RECONNECT_BACKOFF,
): ReconnectPlan {
  if (ending.reconnectAfterMs !== undefined) return { action: 'wait', delayMs: ending.reconnectAfterMs };
  const retry = retryAfterClose(ending.code);
  if (retry === 'never' || retry === 'reauth') return { action: 'stop', why: `closed with ${ending.code}` };
  if (retry === 'now' && ending.attempt === 0) return { action: 'wait', delayMs: 0 };
  return { action: 'wait', delayMs: fullJitter(bounds, ending.attempt, random) };
}
