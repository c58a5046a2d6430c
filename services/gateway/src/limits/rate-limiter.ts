import type { Millis } from '@kittiwake/base';
import { fullBucket, type Rate, type TokenBucket, take } from './token-bucket.ts';

/** A token bucket that remembers itself: for a channel, or anything else that is counted but not judged. */
export type RateLimiter = {
  /** Takes `n` (1 by default); 0 where it was allowed, else the milliseconds until it would be. */
  take(nowMs: Millis, n?: number): Millis;
};

/** Makes a limiter that is full at its first use (rules L1, L2). */
export function createRateLimiter(rate: Rate): RateLimiter {
  let bucket: TokenBucket | undefined;
  return {
    take(nowMs, n = 1) {
      const taken = take(bucket ?? fullBucket(rate, nowMs), rate, { nowMs, n });
      bucket = taken.bucket;
      return taken.retryAfterMs;
    },
  };
}
