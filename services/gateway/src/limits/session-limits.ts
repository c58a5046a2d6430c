import type { Millis } from '@kittiwake/base';
import { createRateLimiter } from './rate-limiter.ts';
import type { Rate } from './token-bucket.ts';
import { NO_VIOLATIONS, type ViolationPolicy, violate } from './violation-policy.ts';

/** What a session does with a message that was checked. */
export type SessionVerdict =
  | { readonly verdict: 'allow' }
  /** Refuse the message with `rate_limited` and this delay. */
  | { readonly verdict: 'warn'; readonly retryAfterMs: Millis }
  /** Close with 4429. */
  | { readonly verdict: 'disconnect' };

/** Watches the rate of one session. */
export type SessionLimiter = { check(nowMs: Millis): SessionVerdict };

const ALLOW: SessionVerdict = { verdict: 'allow' };
const DISCONNECT: SessionVerdict = { verdict: 'disconnect' };

/** Makes a limiter for one session: within the rate allow, over it warn, over it again and again disconnect (rules L1, L3). */
export function createSessionLimiter(rate: Rate, policy: ViolationPolicy): SessionLimiter {
  const limiter = createRateLimiter(rate);
  let violations = NO_VIOLATIONS;
  return {
    check(nowMs) {
      const retryAfterMs = limiter.take(nowMs);
      if (retryAfterMs === 0) return ALLOW;
      const judged = violate(violations, policy, nowMs);
      violations = judged.violations;
      return judged.verdict === 'warn' ? { verdict: 'warn', retryAfterMs } : DISCONNECT;
    },
  };
}
