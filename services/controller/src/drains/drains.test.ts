import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aFleet, aGateway } from '../../test/a-gateway.ts';
import { CountingMetrics, FakePorts } from '../../test/fake-ports.ts';
import { Drains } from './drains.ts';

function create() {
  const ports = new FakePorts();
  const metrics = new CountingMetrics();
  const drains = new Drains({ metrics, ports, rules: { acceptPerSecond: 100, stallMs: 30_000 } });
  const see = (nowMs: number, seenAtMs = nowMs) => {
    const held = aGateway('b', { pod: { state: 'terminating' }, status: { phase: 'held' } });
    ports.now = aFleet([aGateway('a'), { ...held, seenAtMs }], { nowMs });
    return drains.run();
  };
  return { ports, metrics, drains, see };
}

test('[R29] tells a gateway that is held to drain, counts it and says it about the pod', async () => {
  const { ports, metrics, see } = create();
  assert.equal((await see(1_000)).ok, true);
  assert.deepEqual(ports.told, ['b drain 100']);
  assert.deepEqual(ports.said, [
    'GatewayDrains b: b hands over 100 sessions at 100/s: it was scaled in, or its node is drained',
  ]);
  assert.equal(metrics.counts.get('kittiwake_drains_released_total leaving'), 1);
});

test('[R29] an old view is not acted on again, nor one of the moment that a gateway takes; a later one is', async () => {
  const { ports, see } = create();
  await see(1_000);
  await see(20_000, 1_000);
  await see(6_000);
  assert.equal(ports.told.length, 1);
  await see(20_000);
  assert.equal(ports.told.length, 2);
});

test('[R29] a gateway that could not be told is told again', async () => {
  const { ports, see } = create();
  ports.refusal = 'timeout';
  const failed = await see(1_000);
  assert.deepEqual([failed.ok ? undefined : failed.error.kind, ports.said], ['gateway', []]);
  ports.refusal = undefined;
  assert.equal((await see(1_500, 1_000)).ok, true);
  assert.equal(ports.told.length, 2);
});

test('[R3] a leader whose lease is gone tells nobody', async () => {
  const { ports, see } = create();
  ports.hasLease = false;
  const last = await see(1_000);
  assert.deepEqual([last.ok ? undefined : last.error.kind, ports.told], ['not_leading', []]);
});

test('[R29] a leader that leads anew tells again what it told before: the gateway takes that without harm', async () => {
  const { ports, drains, see } = create();
  await see(1_000);
  drains.forget();
  await see(1_100, 1_000);
  assert.equal(ports.told.length, 2);
});
