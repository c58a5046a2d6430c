import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fullBucket, type TokenBucket, take } from './token-bucket.ts';

const RATE = { perSecond: 10, burst: 5 };

function drained(nowMs: number): TokenBucket {
  return take(fullBucket(RATE, nowMs), RATE, { nowMs, n: RATE.burst }).bucket;
}

test('[L1] a full bucket lets exactly its burst through', () => {
  let bucket = fullBucket(RATE, 0);
  const allowed = Array.from({ length: 7 }, () => {
    const taken = take(bucket, RATE, { nowMs: 0, n: 1 });
    bucket = taken.bucket;
    return taken.allowed;
  });
  assert.deepEqual(allowed, [true, true, true, true, true, false, false]);
});

test('[L1] a refusal says when the tokens will be there, and then they are', () => {
  const refused = take(drained(0), RATE, { nowMs: 0, n: 2 });
  assert.deepEqual([refused.allowed, refused.retryAfterMs], [false, 200]);
  assert.equal(take(refused.bucket, RATE, { nowMs: 199, n: 2 }).allowed, false);
  assert.equal(take(refused.bucket, RATE, { nowMs: 200, n: 2 }).allowed, true);
});

test('[L1] refusals cost nothing, so a client that keeps trying gets its rate', () => {
  let bucket = drained(0);
  let allowed = 0;
  for (let nowMs = 1; nowMs <= 10_000; nowMs += 1) {
    const taken = take(bucket, RATE, { nowMs, n: 1 });
    bucket = taken.bucket;
    if (taken.allowed) allowed += 1;
  }
  assert.ok(allowed === 100 || allowed === 99, `${allowed} of 100`);
});

test('[L1] a bucket never holds more than its burst', () => {
  const taken = take(fullBucket(RATE, 0), RATE, { nowMs: 1e9, n: 1 });
  assert.equal(taken.bucket.tokens, RATE.burst - 1);
});

test('[L1] a clock that goes back neither refills nor charges', () => {
  const taken = take(drained(1_000), RATE, { nowMs: 0, n: 1 });
  assert.equal(taken.allowed, false);
  assert.equal(take(taken.bucket, RATE, { nowMs: 1_100, n: 1 }).allowed, true);
});

test('[L1] more than the burst at once is refused with the time of a full bucket', () => {
  const taken = take(drained(0), RATE, { nowMs: 0, n: 6 });
  assert.deepEqual([taken.allowed, taken.retryAfterMs], [false, 500]);
});

test('[L1] a rate that lets nothing through is a bug', () => {
  assert.throws(() => fullBucket({ perSecond: 0, burst: 1 }, 0), /refills/);
});
