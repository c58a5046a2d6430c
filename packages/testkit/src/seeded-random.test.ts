import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeededRandom } from './seeded-random.ts';

test('[Y2] the same seed gives the same sequence, another seed another one', () => {
  const sequence = (seed: number): readonly unknown[] => {
    const random = createSeededRandom(seed);
    return [random.next(), random.hex(8), random.next()];
  };
  assert.deepEqual(sequence(7), sequence(7));
  assert.notDeepEqual(sequence(7), sequence(8));
});

test('[Y2] numbers are uniform in [0, 1)', () => {
  const random = createSeededRandom(1);
  const numbers = Array.from({ length: 10_000 }, () => random.next());
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  assert.ok(numbers.every(value => value >= 0 && value < 1));
  assert.ok(Math.abs(mean - 0.5) < 0.02);
});
