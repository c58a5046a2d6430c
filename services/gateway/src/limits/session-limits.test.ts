import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRateLimiter } from './rate-limiter.ts';
import { createSessionLimiter } from './session-limits.ts';

const RATE = { perSecond: 10, burst: 2 };
const POLICY = { warningsMax: 2, windowMs: 10_000 };

test('[L3] a flood is allowed its burst, warned, then disconnected', () => {
  const limiter = createSessionLimiter(RATE, POLICY);
  const verdicts = Array.from({ length: 5 }, () => limiter.check(0));
  assert.deepEqual(verdicts, [
    { verdict: 'allow' },
    { verdict: 'allow' },
    { verdict: 'warn', retryAfterMs: 100 },
    { verdict: 'warn', retryAfterMs: 100 },
    { verdict: 'disconnect' },
  ]);
});

test('[L3] a session that waits as it was told is never disconnected', () => {
  const limiter = createSessionLimiter(RATE, { warningsMax: 0, windowMs: 10_000 });
  for (let nowMs = 0; nowMs < 60_000; nowMs += 100) assert.equal(limiter.check(nowMs).verdict, 'allow');
});

test('[L2] a limiter counts what it is asked for, and starts full', () => {
  const limiter = createRateLimiter(RATE);
  assert.equal(limiter.take(5_000, 2), 0);
  assert.equal(limiter.take(5_000), 100);
  assert.equal(limiter.take(5_100), 0);
});
