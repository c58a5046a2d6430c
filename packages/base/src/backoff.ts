import type { Random } from './random.ts';

/** Bounds of a retry delay, in milliseconds. */
export type BackoffBounds = { readonly baseMs: number; readonly capMs: number };

/** What the SDK waits between connection attempts unless told otherwise: base 1 s, cap 30 s. */
export const RECONNECT_BACKOFF: BackoffBounds = { baseMs: 1_000, capMs: 30_000 };

/**
 * Full jitter: uniform in [0, min(cap, base · 2^attempt)], `attempt` counted from 0.
 * Spreads a crowd that failed together over the whole window (AWS Architecture Blog, "Exponential Backoff And Jitter").
 */
export function fullJitter(bounds: BackoffBounds, attempt: number, random: Random): number {
  const ceilingMs = Math.min(bounds.capMs, bounds.baseMs * 2 ** Math.min(attempt, 30));
  return random.next() * ceilingMs;
}
