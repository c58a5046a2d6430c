import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aFleet, aGateway } from '../../test/a-gateway.ts';
import { takeCensus } from './census.ts';

const [A, B] = [aGateway('a'), aGateway('b', { status: { sessions: 300, sheddingLeft: 7 } })];

test('[R24] counts the gateways that stay, and what sheds under way have left', () => {
  assert.deepEqual(takeCensus(aFleet([A, B])), {
    loads: [
      { id: 'a', sessions: 100 },
      { id: 'b', sessions: 300 },
    ],
    sheddingLeft: 7,
    seenAtMs: 0,
  });
});

test('[R24] a gateway that starts, or was drained by hand and still stands there, takes no part', () => {
  const starting = aGateway('c', { pod: { state: 'not_ready' }, status: null });
  const drained = aGateway('d', {
    pod: { state: 'not_ready', drainAskedAt: 'then' },
    status: { phase: 'drained' },
  });
  const census = takeCensus(aFleet([A, B, starting, drained]));
  assert.equal(typeof census === 'string' ? census : census.loads.length, 2);
});

test('[R24] a gateway that is ready and says nothing makes the whole unknown', () => {
  assert.equal(takeCensus(aFleet([A, B, aGateway('c', { status: null })])), 'unknown');
});

test('[R24] what is under way elsewhere comes first', () => {
  const old = aGateway('c', { pod: { templateHash: 'old' } });
  assert.equal(takeCensus(aFleet([A, B, old])), 'rollout');
  const going = aGateway('c', { pod: { state: 'terminating' }, status: null });
  assert.equal(takeCensus(aFleet([A, B, going])), 'leaving');
  const asked = aGateway('c', { pod: { drainAskedAt: 'now' } });
  assert.equal(takeCensus(aFleet([A, B, asked])), 'leaving');
  const autoscaler = { name: 'gateway', currentReplicas: 3, desiredReplicas: 3, isWaitingToScaleIn: true };
  assert.equal(takeCensus(aFleet([A, B], { autoscaler })), 'scale_in');
  assert.equal(takeCensus(aFleet([A])), 'alone');
});
