import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../telemetry/logger.ts';
import { Shed } from './shed.ts';
import { sessionsThat } from './test/movable-sessions.ts';

/** A gateway that sheds some of its sessions. */
function gateway(count: number, movesAfterMs?: number) {
  const world = sessionsThat(count, movesAfterMs);
  return { ...world, shed: new Shed({ ...world.deps, log: silentLogger, sessions: () => world.open() }) };
}

test('[D9] so many of the oldest sessions are asked, at the rate that was asked for', async () => {
  const { shed, clock, seen, metrics } = gateway(1_000, 20);
  assert.equal(shed.start(300, 100).ok, true);
  await clock.run(5_000);
  const asked = seen.flatMap(({ askedAtMs }, n) => (askedAtMs === undefined ? [] : [{ n, askedAtMs }]));
  assert.deepEqual(
    asked.map(({ n }) => n),
    Array.from({ length: 300 }, (_, n) => n),
  );
  assert.ok((asked.at(-1)?.askedAtMs ?? 0) >= 2_500 && (asked.at(-1)?.askedAtMs ?? 0) <= 3_000);
  assert.ok(seen.every(({ ask }) => ask === undefined || ask.reason === 'rebalance'));
  assert.equal(
    metrics.value('kittiwake_handover_sessions_total', { reason: 'rebalance', result: 'moved' }),
    300,
  );
});

test('[D9] one shed at a time, and another one afterwards', async () => {
  const { shed, clock } = gateway(100, 20);
  assert.deepEqual(shed.start(10, 10).ok, true);
  assert.equal(shed.left, 8);
  assert.deepEqual(shed.start(10, 10), { ok: false, error: 'busy' });
  await clock.run(8_000);
  assert.equal(shed.left, undefined);
  assert.equal(shed.start(10, 10).ok, true);
});

test('[D9] a shed that is stopped asks nobody more', async () => {
  const { shed, clock, seen } = gateway(100, 20);
  shed.start(100, 10);
  await clock.run(1_000);
  shed.stop();
  await clock.run(20_000);
  const asked = seen.filter(({ askedAtMs }) => askedAtMs !== undefined).length;
  assert.ok(asked > 0 && asked < 20, `${asked}`);
  assert.equal(shed.left, undefined);
});

test('[D9] more than there are is all of them', async () => {
  const { shed, clock, open } = gateway(5, 20);
  const started = shed.start(1_000, 100);
  assert.equal(started.ok && started.value.sessions, 5);
  await clock.run(5_000);
  assert.equal(open().length, 0);
});
