import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ENVIRONMENTS } from '../src/environments/environment.ts';
import { findProblems } from '../src/relations.ts';
import { rolloutBudget } from '../src/rollout-budget.ts';
import type { BudgetValues, Values } from '../src/values.ts';
import { environment } from './synthesise.ts';

const withBudget = (budget: Partial<BudgetValues>, connectionsMax?: number): Values =>
  environment('local', v => ({
    ...v,
    gateway: {
      ...v.gateway,
      budget: { ...v.gateway.budget, ...budget },
      connectionsMax: connectionsMax ?? v.gateway.connectionsMax,
    },
  }));

const ANY = fc.record({
  startSeconds: fc.integer({ min: 1, max: 120 }),
  endpointsSeconds: fc.integer({ min: 1, max: 60 }),
  readinessDelaySeconds: fc.integer({ min: 0, max: 30 }),
  marginSeconds: fc.integer({ min: 6, max: 60 }),
  acceptPerSecond: fc.integer({ min: 20, max: 2_000 }),
  handoverPerSecond: fc.integer({ min: 1, max: 1_000 }),
  surgePercent: fc.integer({ min: 1, max: 100 }),
});

/** Holds for every budget that the relations let through. */
function everyBudget(claim: (values: Values, budget: BudgetValues) => void): void {
  fc.assert(
    fc.property(ANY, fc.integer({ min: 100, max: 100_000 }), (budget, connectionsMax) => {
      const values = withBudget(budget, connectionsMax);
      const isOurs = findProblems(values).every(({ path }) => !path.startsWith('gateway.budget'));
      if (isOurs) claim(values, budget);
    }),
  );
}

describe('the budget of a deploy', () => {
  test('[G6] old gateways can wait until the last wave of new ones is ready, and a controller that died was followed', () => {
    everyBudget((values, { startSeconds, endpointsSeconds, surgePercent }) => {
      for (const gateways of [1, 2, 3, 7, 50]) {
        const surge = Math.ceil((gateways * surgePercent) / 100);
        const rolloutSeconds = Math.ceil(gateways / surge) * (startSeconds + endpointsSeconds);
        assert.ok(rolloutBudget(values).holdSeconds >= rolloutSeconds + 22);
      }
    });
  });
  test('[G6] a gateway is done before it is killed: preStop, hold, drain and margin', () => {
    everyBudget((values, { readinessDelaySeconds, marginSeconds }) => {
      const b = rolloutBudget(values);
      const spent = b.preStopSeconds + b.holdSeconds + readinessDelaySeconds + b.windowSeconds;
      assert.ok(b.graceSeconds >= spent + marginSeconds);
    });
  });
  test('[G6] in the window a full gateway is handed over, with a quarter to spare and five seconds for the last to move', () => {
    everyBudget((values, { handoverPerSecond }) => {
      const { windowSeconds } = rolloutBudget(values);
      assert.ok((windowSeconds - 5) * handoverPerSecond >= 1.25 * values.gateway.connectionsMax);
    });
  });
  test('[G6] one gateway is gone before the autoscaler takes the next', () => {
    everyBudget(values => {
      const b = rolloutBudget(values);
      assert.ok(b.scaleDownPeriodSeconds >= b.graceSeconds - b.holdSeconds);
      assert.ok(b.scaleDownPeriodSeconds <= 1_800);
    });
  });
  test('[G6] a rollout that stands still is noticed before the hold is over, and no slower than a wave is', () => {
    everyBudget((values, { startSeconds, endpointsSeconds }) => {
      const { stallSeconds, holdSeconds } = rolloutBudget(values);
      assert.ok(startSeconds + endpointsSeconds < stallSeconds && stallSeconds < holdSeconds);
    });
  });
  test('[G6] Kubernetes calls a rollout failed only after more than one wave should have taken', () => {
    everyBudget((values, { startSeconds }) => {
      const { progressDeadlineSeconds, minReadySeconds } = rolloutBudget(values);
      assert.ok(progressDeadlineSeconds > minReadySeconds + startSeconds);
    });
  });
  test('[G6] fewer new gateways at once take more waves, and the hold follows', () => {
    const holdOf = (surgePercent: number): number => rolloutBudget(withBudget({ surgePercent })).holdSeconds;
    assert.deepEqual([holdOf(100), holdOf(50), holdOf(25), holdOf(30)], [38, 51, 77, 77]);
  });
  for (const [name, graceSeconds] of [
    ['local', 664],
    ['staging', 163],
    ['production', 350],
  ] as const) {
    test(`[G6] of ${name} adds up to ${graceSeconds} s between the deletion of a pod and its end`, () => {
      assert.equal(rolloutBudget(ENVIRONMENTS[name] ?? environment(name)).graceSeconds, graceSeconds);
    });
  }
});
