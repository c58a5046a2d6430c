import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok } from '@kittiwake/base';
import { createFakeClock } from '@kittiwake/testkit';
import { createRecordingMetrics } from '../metrics/recording-metrics.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { type DeliveryBus, DeliveryWatch } from './delivery-watch.ts';

type Other = { readonly gateway: string; readonly draining: boolean; readonly heardAgoMs?: number };

/** A watch over a bus that says what a test says; it has heard something when the watch begins. */
function watched(others: readonly Other[] | 'no answer') {
  const clock = createFakeClock();
  const metrics = createRecordingMetrics();
  const calls = { listed: 0, deaf: 0, hearing: 0 };
  const world = { others, heardAtMs: 0 };
  const bus: DeliveryBus = {
    heardAgoMs: () => clock.monotonicMs() - world.heardAtMs,
    gateways: async () => {
      calls.listed += 1;
      return world.others === 'no answer' ? err('no answer') : ok(world.others);
    },
  };
  const watch = new DeliveryWatch({
    gateway: 'me',
    bus,
    clock,
    metrics,
    log: silentLogger,
    onDeaf: () => {
      calls.deaf += 1;
    },
    onHearing: () => {
      calls.hearing += 1;
    },
  });
  watch.start();
  return { clock, metrics, calls, world, watch };
}

const WELL: Other = { gateway: 'other', draining: false, heardAgoMs: 3_000 };

test('[B13] while canaries come back nobody is asked about anybody', async () => {
  const { clock, calls, world, watch } = watched([WELL]);
  for (let second = 0; second < 60; second += 1) {
    await clock.run(1_000);
    world.heardAtMs = clock.monotonicMs();
  }
  assert.deepEqual([watch.check(), calls], [undefined, { listed: 0, deaf: 0, hearing: 0 }]);
});

test('[B13] a gateway that alone hears nothing is not ready any more, and comes back once it hears', async () => {
  const { clock, metrics, calls, world, watch } = watched([WELL]);
  await clock.run(8_000);
  assert.equal(watch.check(), undefined);
  await clock.run(2_000);
  assert.match(watch.check() ?? '', /nothing comes back/);
  assert.equal(metrics.value('kittiwake_delivery_state'), 2);
  assert.ok((metrics.value('kittiwake_broker_canary_age_seconds') ?? 0) >= 10);
  assert.equal(calls.deaf, 1);
  for (let look = 0; look < 3; look += 1) {
    world.heardAtMs = clock.monotonicMs() + 1_000;
    await clock.run(2_000);
  }
  assert.deepEqual(
    [watch.check(), metrics.value('kittiwake_delivery_state'), calls.hearing],
    [undefined, 0, 1],
  );
});

for (const [what, others] of [
  ['the broker does not answer', 'no answer'],
  ['nobody else is there', []],
  ['the only other one is about to go', [{ ...WELL, draining: true }]],
  ['the only other one does not say', [{ gateway: 'older', draining: false }]],
  ['it is listed itself', [{ ...WELL, gateway: 'me' }]],
] as const) {
  test(`[B13] a gateway that hears nothing stays where ${what}`, async () => {
    const { clock, metrics, calls, watch } = watched(others);
    await clock.run(60_000);
    assert.deepEqual([watch.check(), calls.deaf], [undefined, 0]);
    assert.equal(metrics.value('kittiwake_delivery_state'), 1);
  });
}
