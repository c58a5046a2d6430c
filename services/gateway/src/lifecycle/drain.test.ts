import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../telemetry/logger.ts';
import { Drain, type DrainSettings } from './drain.ts';
import { sessionsThat } from './test/movable-sessions.ts';

const SETTINGS: DrainSettings = {
  acceptForMs: 0,
  holdMs: 0,
  windowMs: 30_000,
  moveMs: 5_000,
  clientsPerSecond: 500,
};

/** A gateway with sessions that write down what happens to them. */
function gateway(count: number, over: Partial<DrainSettings> & { movesAfterMs?: number } = {}) {
  const world = sessionsThat(count, over.movesAfterMs);
  const accepting = { stoppedAtMs: -1 };
  const drain = new Drain({
    ...world.deps,
    log: silentLogger,
    settings: { ...SETTINGS, ...over },
    target: {
      sessions: () => world.open(),
      stopAccepting() {
        accepting.stoppedAtMs = world.clock.monotonicMs();
      },
    },
  });
  return { ...world, drain, accepting };
}

test('[D1] readiness fails at the first moment, and newcomers are refused', async () => {
  const { drain, clock, accepting } = gateway(1);
  assert.equal(drain.check(), undefined);
  const drained = drain.start();
  assert.notEqual(drain.check(), undefined);
  await clock.run(30_000);
  assert.equal(accepting.stoppedAtMs, 0);
  await drained;
});

test('[D1] where balancers are slow, newcomers are let in for a while', async () => {
  const { drain, clock, accepting, seen } = gateway(1, { acceptForMs: 5_000 });
  const drained = drain.start();
  await clock.run(40_000);
  await drained;
  assert.equal(accepting.stoppedAtMs, 5_000);
  assert.equal(seen[0]?.askedAtMs, 5_000);
});

test('[D2] who does not move is closed when its time to move is over, once, and counted', async () => {
  const { drain, clock, seen, metrics } = gateway(1_000);
  const drained = drain.start();
  await clock.run(SETTINGS.windowMs);
  await drained;
  for (const { askedAtMs, ask, closedAtMs, closes } of seen) {
    assert.equal(closes, 1);
    assert.equal(closedAtMs, (askedAtMs ?? Number.NaN) + (ask?.closeAfterMs ?? Number.NaN));
    assert.equal(ask?.closeAfterMs, (ask?.reconnectAfterMs ?? 0) + SETTINGS.moveMs);
  }
  assert.equal(drain.phase, 'drained');
  assert.equal(metrics.value('kittiwake_drain_state'), 3);
  assert.equal(
    metrics.value('kittiwake_handover_sessions_total', { reason: 'drain', result: 'closed' }),
    1_000,
  );
});

test('[D4] it is over when the last has moved, not when the window is', async () => {
  const { drain, clock, metrics, seen } = gateway(100, { movesAfterMs: 40 });
  const drained = drain.start();
  await clock.run(2_000);
  await drained;
  assert.ok((metrics.observations('kittiwake_drain_duration_seconds')[0] ?? 99) <= 1.8);
  assert.ok(seen.every(({ closes }) => closes === 0));
  assert.equal(metrics.value('kittiwake_handover_sessions_total', { reason: 'drain', result: 'moved' }), 100);
});

test('[D4] an empty gateway is drained at once', async () => {
  const { drain } = gateway(0);
  await drain.start();
  assert.equal(drain.check(), 'drained');
});

test('[D4] the window holds for many', async () => {
  const { drain, clock, open } = gateway(50_000);
  const drained = drain.start();
  await clock.run(SETTINGS.windowMs);
  await drained;
  assert.equal(open().length, 0);
});

test('[D4] in a hurry everybody is closed at once', async () => {
  const { drain, clock, open } = gateway(10_000);
  const drained = drain.start();
  await clock.run(1_000);
  assert.ok(open().length > 5_000);
  await drain.now();
  await drained;
  assert.equal(open().length, 0);
  assert.equal(clock.monotonicMs(), 1_000);
});

test('[D8] a held gateway is not ready and keeps its sessions until it is released', async () => {
  const { drain, clock, seen, accepting } = gateway(10, { holdMs: 20_000, movesAfterMs: 10 });
  const drained = drain.start();
  await clock.run(15_000);
  assert.equal(drain.check(), 'held');
  assert.equal(accepting.stoppedAtMs, 0);
  assert.ok(seen.every(({ askedAtMs }) => askedAtMs === undefined));
  void drain.release(100);
  await clock.run(2_000);
  await drained;
  assert.ok(seen.every(({ askedAtMs }) => (askedAtMs ?? 0) >= 15_000));
});

test('[D8] nobody has to release it: the hold ends by itself', async () => {
  const { drain, clock, seen } = gateway(10, { holdMs: 20_000, movesAfterMs: 10 });
  const drained = drain.start();
  await clock.run(22_000);
  await drained;
  assert.ok(seen.every(({ askedAtMs }) => (askedAtMs ?? 0) >= 20_000));
});

test('[D8] a gateway without sessions holds nothing', async () => {
  const { drain, clock } = gateway(0, { holdMs: 20_000 });
  const drained = drain.start();
  await clock.run(1);
  assert.equal(drain.phase, 'drained');
  await drained;
});

test('[D8] the hold ends when the last session has gone by itself', async () => {
  const { drain, clock, open } = gateway(1, { holdMs: 20_000 });
  const drained = drain.start();
  await clock.run(600);
  assert.equal(drain.phase, 'held');
  for (const session of open()) session.close();
  await clock.run(500);
  assert.equal(drain.phase, 'drained');
  await drained;
});

test('[D8] a second signal ends a hold', async () => {
  const { drain, clock, open } = gateway(10, { holdMs: 20_000 });
  const drained = drain.start();
  await clock.run(1_000);
  await drain.now();
  await drained;
  assert.deepEqual([open().length, clock.monotonicMs()], [0, 1_000]);
});

test('[D8] the release says how fast the others take them', async () => {
  const { drain, clock, seen } = gateway(100, { movesAfterMs: 10 });
  const drained = drain.release(10);
  await clock.run(15_000);
  await drained;
  const last = Math.max(...seen.map(({ askedAtMs }) => askedAtMs ?? 0));
  // Nine seconds and three quarters, and four that the slow start costs.
  assert.ok(last >= 13_500 && last <= 14_500, `${last} ms`);
});

test('[D2] a second start is the same drain', async () => {
  const { drain, clock, seen } = gateway(10);
  assert.equal(drain.start(), drain.start());
  await clock.run(10_000);
  assert.ok(seen.every(({ closes }) => closes === 1));
});
