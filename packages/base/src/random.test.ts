import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeededRandom } from '@kittiwake/testkit';
import { randomInt, systemRandom } from './random.ts';

test('[Z4] randomInt stays below its bound and reaches every number', () => {
  const random = createSeededRandom(1);
  const seen = new Set(Array.from({ length: 200 }, () => randomInt(random, 6)));
  assert.deepEqual([...seen].sort(), [0, 1, 2, 3, 4, 5]);
  assert.equal(randomInt({ next: () => 1 - 2 ** -53, hex: () => '' }, 6), 5);
});

test('[Z4] the system is as random as it says, and writes two digits a byte', () => {
  assert.match(systemRandom.hex(16), /^[0-9a-f]{32}$/);
  assert.notEqual(systemRandom.hex(16), systemRandom.hex(16));
  const value = systemRandom.next();
  assert.ok(value >= 0 && value < 1);
});
