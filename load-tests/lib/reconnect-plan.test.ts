import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Random } from '../../packages/base/src/random.ts';
import { reconnectPlan } from './reconnect-plan.ts';

const half: Random = { next: () => 0.5, hex: () => '' };

test('[W3] a broken connection comes back with full jitter, doubling to its cap', () => {
  const delays = [0, 1, 2, 10].map(attempt => reconnectPlan({ code: 1006, attempt }, half));
  assert.deepEqual(
    delays.map(plan => (plan.action === 'wait' ? plan.delayMs : -1)),
    [500, 1_000, 2_000, 15_000],
  );
});

test('[W3] `now` does not wait the first time, and backs off after that', () => {
  assert.deepEqual(reconnectPlan({ code: 4450, attempt: 0 }, half), { action: 'wait', delayMs: 0 });
  assert.deepEqual(reconnectPlan({ code: 4450, attempt: 1 }, half), { action: 'wait', delayMs: 1_000 });
});

test('[W3] `goaway` says when to come back', () => {
  assert.deepEqual(reconnectPlan({ code: 4450, attempt: 0, reconnectAfterMs: 1_234 }, half), {
    action: 'wait',
    delayMs: 1_234,
  });
});

for (const code of [4401, 4403, 4409]) {
  test(`[W3] does not come back after ${code}`, () =>
    assert.equal(reconnectPlan({ code, attempt: 0 }, half).action, 'stop'));
}
