import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toStatusReport } from '../../../../services/controller/src/status/status-report.ts';
import { aFleet, aGateway } from '../../../../services/controller/test/a-gateway.ts';
import { parseClusterStatus } from './cluster-status.ts';

const NOTHING = { phase: 'calm', obstacle: undefined, spread: undefined, plan: [] } as const;

test('[X1] reads what the controller writes', () => {
  const fleet = aFleet([
    aGateway('gateway-a', { status: { sessions: 400, sheddingLeft: 30 } }),
    aGateway('gateway-b', { pod: { state: 'terminating', templateHash: 'old' }, status: { phase: 'held' } }),
    aGateway('gateway-c', { pod: { state: 'not_ready', node: undefined }, status: null }),
  ]);
  const decisions = [{ at: '2026-01-01T00:00:00.000Z', reason: 'RebalanceDone', note: 'spread 4 %' }];
  const plan = [{ id: 'gateway-a', sessions: 100, perSecond: 50 }];
  const report = toStatusReport(
    fleet,
    { phase: 'moving', obstacle: 'rollout', spread: 0.5, plan },
    decisions,
  );
  const read = parseClusterStatus(JSON.stringify({ writtenAt: 'then', leader: 'x', ...report }));
  assert.ok(read.ok);
  const { gateways, rollout, rebalance } = read.value;
  assert.deepEqual(
    gateways.map(({ name, state, phase, sessions, isNewest }) => [name, state, phase, sessions, isNewest]),
    [
      ['gateway-a', 'ready', 'serving', 400, true],
      ['gateway-b', 'terminating', 'held', 100, false],
      ['gateway-c', 'not_ready', undefined, undefined, true],
    ],
  );
  assert.equal(gateways[0]?.sheddingLeft, 30);
  assert.deepEqual(rollout, { isOn: true, ready: 1, wanted: 3 });
  assert.deepEqual(rebalance, {
    mode: 'on',
    phase: 'moving',
    obstacle: 'rollout',
    spread: 0.5,
    plan: [{ gateway: 'gateway-a', sessions: 100, perSecond: 50 }],
  });
  assert.deepEqual(read.value.decisions, decisions);
});

test('[X1] what is no status is a problem; what is missing in one is not known', () => {
  for (const text of ['', 'nonsense', '[]', '{}', '{"writtenAt":1}'])
    assert.equal(parseClusterStatus(text).ok, false);
  const bare = parseClusterStatus('{"writtenAt":"then","gateways":[{}, 1],"decisions":[null]}');
  assert.ok(bare.ok);
  assert.equal(bare.value.gateways.length, 2);
  const empty = parseClusterStatus(
    JSON.stringify({ writtenAt: 'then', ...toStatusReport(aFleet([]), NOTHING, []) }),
  );
  assert.deepEqual(empty.ok ? empty.value.rebalance.spread : 0, undefined);
});
