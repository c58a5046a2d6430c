import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fullJitter, RECONNECT_BACKOFF } from './backoff.ts';

const always = (value: number) => ({ next: () => value, hex: () => '' });
const ALMOST_ONE = 1 - 2 ** -53;

test('[K1] the delay is uniform from 0 to base · 2^attempt, and never over the cap', () => {
  const holds = fc.property(
    fc.nat({ max: 100 }),
    fc.double({ min: 0, max: ALMOST_ONE, noNaN: true }),
    (attempt, chance) => {
      const delayMs = fullJitter(RECONNECT_BACKOFF, attempt, always(chance));
      const ceilingMs = Math.min(30_000, 1_000 * 2 ** attempt);
      assert.equal(delayMs, chance * ceilingMs);
      assert.ok(delayMs >= 0 && delayMs <= ceilingMs);
    },
  );
  fc.assert(holds);
});

test('[K1] the window doubles with each attempt until the cap', () => {
  const ceilings = [0, 1, 2, 3, 4, 5, 6].map(attempt =>
    Math.round(fullJitter(RECONNECT_BACKOFF, attempt, always(ALMOST_ONE))),
  );
  assert.deepEqual(ceilings, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test('[K1] a client that has tried for years still waits a finite time', () => {
  assert.equal(fullJitter(RECONNECT_BACKOFF, Number.MAX_SAFE_INTEGER, always(0.5)), 15_000);
});
