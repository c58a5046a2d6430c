import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock, createSeededRandom } from '@kittiwake/testkit';
import { createRecordingMetrics } from '../metrics/recording-metrics.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { Drain } from './drain.ts';
import { DEFAULT_DRAIN_PACE } from './drain-plan.ts';

/** A gateway with sessions that write down what happens to them. */
function gateway(count: number, options: { acceptForMs?: number } = {}) {
  const clock = createFakeClock();
  const metrics = createRecordingMetrics();
  const seen: { toldAtMs?: number; afterMs?: number; closedAtMs?: number; closes: number }[] = [];
  const open = new Set<number>();
  const sessions = Array.from({ length: count }, (_, n) => {
    const record: (typeof seen)[number] = { closes: 0 };
    seen.push(record);
    open.add(n);
    return {
      goaway(afterMs: number) {
        record.toldAtMs = clock.monotonicMs();
        record.afterMs = afterMs;
      },
      close() {
        if (open.delete(n)) record.closes += 1;
        record.closedAtMs ??= clock.monotonicMs();
      },
    };
  });
  const accepting = { stoppedAtMs: -1 };
  const drain = new Drain({
    clock,
    metrics,
    log: silentLogger,
    random: createSeededRandom(1),
    pace: DEFAULT_DRAIN_PACE,
    target: {
      sessions: () => sessions.filter((_, n) => open.has(n)),
      stopAccepting() {
        accepting.stoppedAtMs = clock.monotonicMs();
      },
    },
    ...options,
  });
  return { clock, metrics, seen, open, drain, accepting };
}

test('[D1] readiness fails at the first moment, and newcomers are refused', async () => {
  const { drain, clock, accepting, metrics } = gateway(1);
  assert.equal(drain.check(), undefined);
  const drained = drain.start();
  assert.equal(drain.check(), 'draining');
  assert.equal(metrics.value('kittiwake_drain_state'), 1);
  await clock.run(1_000);
  assert.equal(accepting.stoppedAtMs, 0);
  await drained;
});

test('[D1] where balancers are slow, newcomers are let in for a while', async () => {
  const { drain, clock, accepting, seen } = gateway(1, { acceptForMs: 5_000 });
  const drained = drain.start();
  await clock.run(10_000);
  await drained;
  assert.equal(accepting.stoppedAtMs, 5_000);
  assert.equal(seen[0]?.toldAtMs, 5_000);
});

test('[D2] each session is told when to come back, and closed then, once', async () => {
  const { drain, clock, seen, metrics } = gateway(1_000);
  const drained = drain.start();
  await clock.run(DEFAULT_DRAIN_PACE.windowMs);
  await drained;
  for (const { toldAtMs, afterMs, closedAtMs, closes } of seen) {
    assert.equal(closes, 1);
    assert.equal(closedAtMs, (toldAtMs ?? Number.NaN) + (afterMs ?? Number.NaN));
  }
  assert.equal(drain.phase, 'drained');
  assert.equal(metrics.value('kittiwake_drain_state'), 2);
});

test('[D4] it is over when the last was closed, not when the window is', async () => {
  const { drain, clock, metrics } = gateway(100);
  const drained = drain.start();
  await clock.run(1_000);
  await drained;
  assert.ok((metrics.observations('kittiwake_drain_duration_seconds')[0] ?? 99) <= 0.75);
});

test('[D4] an empty gateway is drained at once', async () => {
  const { drain } = gateway(0);
  await drain.start();
  assert.equal(drain.check(), 'drained');
});

test('[D4] the window holds for many', async () => {
  const { drain, clock, open } = gateway(50_000);
  const drained = drain.start();
  await clock.run(DEFAULT_DRAIN_PACE.windowMs);
  await drained;
  assert.equal(open.size, 0);
});

test('[D4] in a hurry everybody is closed at once', async () => {
  const { drain, clock, open } = gateway(10_000);
  const drained = drain.start();
  await clock.run(1_000);
  assert.ok(open.size > 5_000);
  await drain.now();
  await drained;
  assert.equal(open.size, 0);
  assert.equal(clock.monotonicMs(), 1_000);
});

test('[D2] a second start is the same drain', async () => {
  const { drain, clock, seen } = gateway(10);
  assert.equal(drain.start(), drain.start());
  await clock.run(2_000);
  assert.ok(seen.every(({ closes }) => closes === 1));
});
