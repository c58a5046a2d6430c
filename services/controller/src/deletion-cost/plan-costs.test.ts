import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { aFleet, aGateway } from '../../test/a-gateway.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { costOf } from './cost-bucket.ts';
import { planCosts } from './plan-costs.ts';

const NEAR: Fleet['autoscaler'] = {
  name: 'gateway',
  currentReplicas: 3,
  desiredReplicas: 3,
  isWaitingToScaleIn: true,
};
const gateway = (name: string, sessions: number, deletionCost?: number) =>
  aGateway(name, { pod: { deletionCost }, status: { sessions } });

test('[R32] nobody is patched unless a scale-in is near', () => {
  const gateways = [gateway('a', 10), gateway('b', 1_000)];
  assert.deepEqual(planCosts(aFleet(gateways)), []);
  assert.equal(planCosts(aFleet(gateways, { autoscaler: NEAR })).length, 2);
});

test('[R32] the emptiest costs least', () => {
  const patches = planCosts(
    aFleet([gateway('a', 500), gateway('b', 20), gateway('c', 400), gateway('d', 0)], { autoscaler: NEAR }),
  );
  const cheapestFirst = [...patches].sort((a, b) => a.cost - b.cost).map(({ pod }) => pod);
  assert.deepEqual(cheapestFirst, ['d', 'b', 'c', 'a']);
});

test('[R32] a second look patches nobody, nor does a small change', () => {
  const [patch] = planCosts(aFleet([gateway('a', 500)], { autoscaler: NEAR }));
  for (const sessions of [500, 495, 505])
    assert.deepEqual(planCosts(aFleet([gateway('a', sessions, patch?.cost)], { autoscaler: NEAR })), []);
  assert.equal(planCosts(aFleet([gateway('a', 700, patch?.cost)], { autoscaler: NEAR })).length, 1);
});

test('[R32] who is not ready, or says nothing, is left alone', () => {
  const gateways = [
    aGateway('a', { pod: { state: 'terminating' } }),
    aGateway('b', { pod: { state: 'not_ready' } }),
    aGateway('c', { status: null }),
  ];
  assert.deepEqual(planCosts(aFleet(gateways, { autoscaler: NEAR })), []);
});

test('[R32] a fifth more sessions always cost more, whatever stood there before', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 10, max: 1_000_000 }),
      fc.option(fc.integer({ min: -5, max: 200 })),
      (n, present) => {
        const less = costOf(n, present ?? undefined);
        const more = costOf(Math.ceil(n * 1.2), present ?? undefined);
        assert.ok(less < more, `${n}: ${less}, ${more}`);
        assert.ok(more <= 2 ** 31 - 1);
      },
    ),
  );
});

test('[R32] a number that swings by two percent at the edge of a bucket is patched once', () => {
  let cost: number | undefined;
  let patches = 0;
  for (let n = 0; n < 100; n += 1) {
    const next = costOf(n % 2 === 0 ? 1_076 : 1_097, cost);
    if (next !== cost) patches += 1;
    cost = next;
  }
  assert.equal(patches, 1);
});
