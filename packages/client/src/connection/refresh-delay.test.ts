import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeededRandom } from '@kittiwake/testkit';
import fc from 'fast-check';
import { endsTooSoon, refreshDelay } from './refresh-delay.ts';

const DAY_MS = 86_400_000;

test('[K4] a token is fetched between 75 and 90 % of the time that is left', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2_000, max: 20 * DAY_MS }), fc.integer(), (leftMs, seed) => {
      const delayMs = refreshDelay(leftMs, createSeededRandom(seed));
      assert.ok(delayMs >= 0.75 * leftMs && delayMs <= 0.9 * leftMs);
    }),
  );
});

test('[K4] however little or much is left, nobody is asked more than once a second, nor later than a timer can wait', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer(), (leftMs, seed) => {
      const delayMs = refreshDelay(leftMs, createSeededRandom(seed));
      assert.ok(delayMs >= 1_000 && delayMs < 2 ** 31);
    }),
  );
});

test('[K4] a token of which nothing is left is not asked for every second', () => {
  for (const leftMs of [0, -1, -3_600_000]) assert.equal(refreshDelay(leftMs, createSeededRandom(1)), 10_000);
});

test('[K4] a token that is dialled with is refreshed before its end', () => {
  fc.assert(
    fc.property(fc.double({ min: -10_000, max: DAY_MS, noNaN: true }), fc.integer(), (leftMs, seed) => {
      assert.ok(endsTooSoon(leftMs) || refreshDelay(leftMs, createSeededRandom(seed)) < leftMs);
    }),
  );
});
