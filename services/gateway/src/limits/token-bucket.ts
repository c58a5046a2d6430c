import { assert, type Millis } from '@kittiwake/base';

/** How many, and how fast: a bucket of `burst` tokens that refills with `perSecond`. */
export type Rate = { readonly perSecond: number; readonly burst: number };

/** What is left, and when that was counted (monotonic milliseconds). */
export type TokenBucket = { readonly tokens: number; readonly countedAtMs: Millis };

/** What became of an attempt; `retryAfterMs` is 0 where it was allowed. */
export type Taken = {
  readonly bucket: TokenBucket;
  readonly allowed: boolean;
  readonly retryAfterMs: Millis;
};

/** A bucket that nobody has taken from yet. */
export function fullBucket(rate: Rate, nowMs: Millis): TokenBucket {
  assert(rate.perSecond > 0 && rate.burst >= 1, 'a rate refills, and lets at least one through');
  return { tokens: rate.burst, countedAtMs: nowMs };
}

/**
 * Takes `n` tokens, all or none (rule L1). Pure in `nowMs`; a clock that stands still or goes back refills nothing.
 * A request larger than `burst` can never be met: it is refused, and `retryAfterMs` is when the bucket is full.
 */
export function take(
  bucket: TokenBucket,
  rate: Rate,
  request: { readonly nowMs: Millis; readonly n: number },
): Taken {
  const elapsedMs = Math.max(0, request.nowMs - bucket.countedAtMs);
  const tokens = Math.min(rate.burst, bucket.tokens + (elapsedMs * rate.perSecond) / 1_000);
  const countedAtMs = Math.max(request.nowMs, bucket.countedAtMs);
  if (tokens >= request.n) {
    return { bucket: { tokens: tokens - request.n, countedAtMs }, allowed: true, retryAfterMs: 0 };
  }
  const missing = Math.min(request.n, rate.burst) - tokens;
  const retryAfterMs = Math.max(1, Math.ceil((missing * 1_000) / rate.perSecond));
  return { bucket: { tokens, countedAtMs }, allowed: false, retryAfterMs };
}
