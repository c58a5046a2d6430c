import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok, type Result } from '@kittiwake/base';
import { aFleet, aGateway } from '../../test/a-gateway.ts';
import { CountingMetrics, FakePorts } from '../../test/fake-ports.ts';
import type { ApplyError } from '../reconcile/apply.ts';
import { createEjectionWork } from './ejections.ts';

function create(results: Result<void, ApplyError>[] = []) {
  const ports = new FakePorts();
  const metrics = new CountingMetrics();
  const set: string[] = [];
  const silent = { ...aGateway('b', { status: null }), missed: 3 };
  ports.now = aFleet([aGateway('a'), silent, aGateway('c', { pod: { isEjected: true } })]);
  const run = createEjectionWork(
    {
      fleet: () => ports.fleet(),
      holdsLease: () => ports.holdsLease(),
      announce: (...said) => ports.announce(...said),
      async setInService(pod, inService) {
        set.push(`${pod} ${inService}`);
        return results.shift() ?? ok();
      },
    },
    metrics,
  );
  return { ports, metrics, set, run };
}

test('[R35] changes the labels, counts, and says it about the pods', async () => {
  const { run, set, metrics, ports } = create();
  assert.equal((await run()).ok, true);
  assert.deepEqual(set, ['c true', 'b false']);
  assert.equal(metrics.counts.get('kittiwake_gateway_ejections_total eject'), 1);
  assert.deepEqual(ports.said, [
    'GatewayReturned c: c on node-1 answers again: clients are sent to it',
    'GatewayEjected b: b on node-1 did not answer 3 times in a row: no client is sent to it',
  ]);
});

test('[R35] stops at the first that fails, says nothing of it, and comes back', async () => {
  const { run, set, ports } = create([err({ kind: 'cluster', message: 'away' })]);
  assert.equal((await run()).ok, false);
  assert.deepEqual([set, ports.said], [['c true'], []]);
});

test('[R3] a leader whose lease is gone takes nobody out', async () => {
  const { run, ports, set } = create();
  ports.hasLease = false;
  assert.equal((await run()).ok, false);
  assert.deepEqual(set, []);
});
