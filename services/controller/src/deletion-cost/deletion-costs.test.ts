import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok, type Result } from '@kittiwake/base';
import { aFleet, aGateway } from '../../test/a-gateway.ts';
import { CountingMetrics, FakePorts } from '../../test/fake-ports.ts';
import type { ApplyError } from '../reconcile/apply.ts';
import { createDeletionCostWork } from './deletion-costs.ts';

function create(results: Result<void, ApplyError>[] = []) {
  const ports = new FakePorts();
  const metrics = new CountingMetrics();
  const patched: string[] = [];
  const autoscaler = { name: 'gateway', currentReplicas: 3, desiredReplicas: 2, isWaitingToScaleIn: false };
  const gateways = [aGateway('a', { status: { sessions: 900 } }), aGateway('b', { status: { sessions: 9 } })];
  ports.now = aFleet(gateways, { autoscaler });
  const setCost = async (pod: string): Promise<Result<void, ApplyError>> => {
    patched.push(pod);
    return results.shift() ?? ok();
  };
  const run = createDeletionCostWork(
    { fleet: () => ports.fleet(), holdsLease: () => ports.holdsLease(), setCost },
    metrics,
  );
  return { ports, metrics, patched, run };
}

test('[R32] patches the emptiest first, and counts', async () => {
  const { run, patched, metrics } = create();
  assert.equal((await run()).ok, true);
  assert.deepEqual(patched, ['b', 'a']);
  assert.equal(metrics.counts.get('kittiwake_deletion_cost_patches_total'), 2);
});

test('[R32] stops at the first that fails, and comes back', async () => {
  const { run, patched } = create([err({ kind: 'cluster', message: 'away' })]);
  assert.equal((await run()).ok, false);
  assert.deepEqual(patched, ['b']);
});

test('[R3] a leader whose lease is gone patches nobody', async () => {
  const { run, ports, patched } = create();
  ports.hasLease = false;
  assert.equal((await run()).ok, false);
  assert.deepEqual(patched, []);
});
