import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_VIOLATIONS, violate } from './violation-policy.ts';

const POLICY = { warningsMax: 3, windowMs: 1_000 };

function verdicts(timesMs: readonly number[]): string[] {
  let violations = NO_VIOLATIONS;
  return timesMs.map(nowMs => {
    const judged = violate(violations, POLICY, nowMs);
    violations = judged.violations;
    return judged.verdict;
  });
}

test('[L3] warns as often as the policy says, then disconnects', () => {
  assert.deepEqual(verdicts([0, 10, 20, 30, 40]), ['warn', 'warn', 'warn', 'disconnect', 'disconnect']);
});

test('[L3] forgets when the window is over', () => {
  assert.deepEqual(verdicts([0, 10, 20, 1_000, 1_010, 1_020, 1_030]), [
    ...['warn', 'warn', 'warn'],
    ...['warn', 'warn', 'warn', 'disconnect'],
  ]);
});

test('[L3] without warnings the first violation disconnects', () => {
  assert.equal(violate(NO_VIOLATIONS, { warningsMax: 0, windowMs: 1_000 }, 5).verdict, 'disconnect');
});
