import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock, createSeededRandom, type FakeClock } from '@kittiwake/testkit';
import { Heartbeat, type Heartbeating } from './heartbeat.ts';

const INTERVAL_MS = 25_000;
const TIMEOUT_MS = 10_000;

function beating(): { clock: FakeClock; heartbeat: Heartbeat } {
  const clock = createFakeClock();
  const random = createSeededRandom(1);
  const heartbeat = new Heartbeat({ clock, random, intervalMs: INTERVAL_MS, timeoutMs: TIMEOUT_MS });
  heartbeat.start();
  return { clock, heartbeat };
}

/** Something that answers each ping, or none, and remembers when it was pinged and given up. */
function handleOf(parts: { clock: FakeClock; heartbeat: Heartbeat }, answers: boolean) {
  const seen = { pings: [] as number[], timeouts: [] as number[] };
  const handle: Heartbeating = {
    ping() {
      seen.pings.push(parts.clock.monotonicMs());
      if (answers) parts.heartbeat.heard(handle);
    },
    timedOut: () => void seen.timeouts.push(parts.clock.monotonicMs()),
  };
  parts.heartbeat.add(handle);
  return { ...seen, handle };
}

test('[S8] a handle that answers is pinged once per interval and never given up', () => {
  const parts = beating();
  const { pings, timeouts } = handleOf(parts, true);
  parts.clock.advance(10 * INTERVAL_MS);
  assert.equal(pings.length, 10);
  assert.ok(pings.every((atMs, n) => n === 0 || atMs - (pings[n - 1] ?? 0) === INTERVAL_MS));
  assert.deepEqual(timeouts, []);
});

test('[S8] a handle that is silent is given up once, the time-out after its ping', () => {
  const parts = beating();
  const { pings, timeouts } = handleOf(parts, false);
  parts.clock.advance(5 * INTERVAL_MS);
  assert.equal(pings.length, 1);
  assert.deepEqual(timeouts, [(pings[0] ?? 0) + TIMEOUT_MS]);
  assert.equal(parts.heartbeat.size, 0);
});

test('[S8] those who come together are pinged apart', () => {
  const parts = beating();
  const all = Array.from({ length: 1_000 }, () => handleOf(parts, true));
  parts.clock.advance(INTERVAL_MS);
  const perTick = new Map<number, number>();
  for (const { pings } of all) perTick.set(pings[0] ?? -1, (perTick.get(pings[0] ?? -1) ?? 0) + 1);
  assert.ok(!perTick.has(-1), 'everybody was pinged within the first interval');
  assert.ok(Math.max(...perTick.values()) < 50, 'no tick has far more than its share of 20');
});

test('[S8] a stall of the process gives nobody up who has answered into the socket', () => {
  // The clock jumps by a minute, but the timer fires once: that is what a blocked event loop looks like.
  let fire = (): void => {};
  const stalled = {
    nowMs: () => 0,
    monotonicMs: () => 0,
    turn: () => {},
    after: (_ms: number, callback: () => void) => {
      fire = callback;
      return { cancel: () => {} };
    },
  };
  const random = createSeededRandom(1);
  const heartbeat = new Heartbeat({ clock: stalled, random, intervalMs: INTERVAL_MS, timeoutMs: TIMEOUT_MS });
  heartbeat.start();
  let pinged = false;
  let givenUp = false;
  heartbeat.add({ ping: () => (pinged = true), timedOut: () => (givenUp = true) });
  while (!pinged) fire();
  fire();
  assert.equal(givenUp, false);
});

test('[S8] a removed handle is neither pinged nor given up, and removing twice is no mistake', () => {
  const parts = beating();
  const { pings, timeouts, handle } = handleOf(parts, false);
  while (pings.length === 0) parts.clock.advance(100);
  parts.heartbeat.remove(handle);
  parts.heartbeat.remove(handle);
  parts.heartbeat.heard(handle);
  parts.clock.advance(3 * INTERVAL_MS);
  assert.deepEqual([pings.length, timeouts.length], [1, 0]);
});

test('[S8] one timer serves all, and stops', () => {
  const parts = beating();
  for (let n = 0; n < 100; n += 1) handleOf(parts, true);
  assert.equal(parts.clock.timers, 1);
  parts.heartbeat.stop();
  assert.equal(parts.clock.timers, 0);
});

test('[S8] nobody wakes a gateway without connections, and few wake it seldom', () => {
  const parts = beating();
  assert.equal(parts.clock.timers, 0);
  let wakes = 0;
  const { clock } = parts;
  const counting = {
    ...clock,
    after: (ms: number, callback: () => void) =>
      clock.after(ms, () => {
        wakes += 1;
        callback();
      }),
  };
  const random = createSeededRandom(1);
  const heartbeat = new Heartbeat({
    clock: counting,
    random,
    intervalMs: INTERVAL_MS,
    timeoutMs: TIMEOUT_MS,
  });
  heartbeat.start();
  const { pings } = handleOf({ clock, heartbeat }, true);
  clock.advance(10 * INTERVAL_MS);
  assert.deepEqual([pings.length, wakes], [10, 10]);
});

test('[S8] however often somebody comes while the wheel skips slots, everybody else is pinged once per interval', () => {
  const parts = beating();
  const { pings } = handleOf(parts, true);
  for (let n = 0; n < 1_000; n += 1) {
    parts.clock.advance(INTERVAL_MS / 100);
    const { handle } = handleOf(parts, true);
    parts.heartbeat.remove(handle);
  }
  assert.equal(pings.length, 10);
  assert.ok(pings.every((atMs, n) => n === 0 || Math.abs(atMs - (pings[n - 1] ?? 0) - INTERVAL_MS) < 1));
});

test('[S8] who is added while others are pinged is pinged, and given up, like them', () => {
  const parts = beating();
  let late: ReturnType<typeof handleOf> | undefined;
  const first: Heartbeating = {
    ping() {
      late ??= handleOf(parts, false);
    },
    timedOut: () => {},
  };
  parts.heartbeat.add(first);
  const { timeouts } = handleOf(parts, false);
  parts.clock.advance(3 * INTERVAL_MS);
  assert.equal(timeouts.length, 1);
  assert.equal((late?.timeouts[0] ?? 0) - (late?.pings[0] ?? 0), TIMEOUT_MS);
  assert.equal(parts.heartbeat.size, 0);
});
