import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@kittiwake/testkit';
import { nextWindow, ReadGauge } from './read-gauge.ts';

/** A gauge whose first window is 16 KB, the least 1 KB, and a burst 128 KB. */
function gaugeOf() {
  const clock = createFakeClock();
  const pings: number[] = [];
  const ends: string[] = [];
  const gauge = new ReadGauge({
    clock,
    windowBytesMax: 65_536,
    timeoutMs: 10_000,
    ping: () => pings.push(pings.length + 1),
    onSlow: () => void ends.push('slow'),
  });
  return { clock, pings, ends, gauge };
}

test('[C13] half a window is sent before anybody is asked whether it was read, and the rest while it is', () => {
  const { gauge, pings, clock } = gaugeOf();
  gauge.sent(8_191);
  assert.deepEqual(pings, []);
  gauge.sent(1);
  assert.deepEqual(pings, [1]);
  clock.advance(300);
  gauge.sent(8_192);
  assert.deepEqual([pings, gauge.isBehind], [[1], false]);
  gauge.sent(1);
  assert.equal(gauge.isBehind, true);
});

test('[C13] what comes in one go puts nobody behind, unless it is too much', () => {
  const { gauge, clock } = gaugeOf();
  gauge.sent(131_072);
  assert.equal(gauge.isBehind, false);
  gauge.sent(1);
  assert.equal(gauge.isBehind, true);
  const other = gaugeOf();
  other.gauge.sent(100_000);
  other.clock.advance(50);
  assert.deepEqual([other.gauge.isBehind, clock.monotonicMs()], [true, 0]);
});

test('[C13] what was sent before the ping is read with its pong, and what came after it is not', () => {
  const { gauge, pings, clock } = gaugeOf();
  let reads = 0;
  for (const _ of [1, 2, 3]) gauge.sent(9_000);
  clock.advance(400);
  assert.equal(gauge.isBehind, true);
  gauge.whenRead(() => {
    reads += 1;
  });
  gauge.ponged(2);
  assert.equal(reads, 0, 'nobody asked for that');
  gauge.ponged(1);
  assert.deepEqual([reads, pings], [0, [1, 2]], 'more is on its way than its window');
  gauge.ponged(2);
  gauge.ponged(2);
  assert.deepEqual([reads, gauge.isBehind], [1, false]);
});

test('[C13] a peer that reads quickly may have more on its way, one that does not may have less', () => {
  assert.deepEqual(
    [100, 700, 5_000].map(tookMs => nextWindow(16_384, tookMs, 65_536)),
    [32_768, 16_384, 8_192],
  );
  assert.deepEqual([nextWindow(65_536, 1, 65_536), nextWindow(1_024, 9_000, 65_536)], [65_536, 1_024]);
});

test('[C13] a peer over a slow line is soon given no more than it reads in a few seconds', () => {
  // Two kilobytes a second, and somebody who would send a hundred.
  const clock = createFakeClock();
  let onItsWay = 0;
  let asked: { readonly ref: number; left: number } | undefined;
  let pings = 0;
  const gauge = new ReadGauge({
    clock,
    windowBytesMax: 65_536,
    timeoutMs: 10_000,
    ping: () => {
      pings += 1;
      asked = { ref: pings, left: onItsWay };
      return pings;
    },
    onSlow: () => assert.fail('it reads'),
  });
  let most = 0;
  for (let tick = 0; tick < 6_000; tick += 1) {
    clock.advance(10);
    onItsWay = Math.max(0, onItsWay - 20);
    if (asked !== undefined) {
      asked.left -= 20;
      if (asked.left <= 0) gauge.ponged(asked.ref);
    }
    if (gauge.isBehind) continue;
    onItsWay += 1_000;
    gauge.sent(1_000);
    if (tick > 3_000) most = Math.max(most, onItsWay);
  }
  assert.ok(most <= 10_000, `${most} bytes were on their way`);
});

test('[X3] a peer that reads nothing for as long as it may is slow', () => {
  const { gauge, clock, ends } = gaugeOf();
  gauge.sent(9_000);
  clock.advance(9_999);
  assert.deepEqual(ends, []);
  clock.advance(1);
  assert.deepEqual(ends, ['slow']);
});

test('[C13] a gauge that stopped holds no timer and calls nobody', () => {
  const { gauge, clock } = gaugeOf();
  gauge.sent(9_000);
  gauge.whenRead(() => assert.fail('it stopped'));
  gauge.stop();
  gauge.ponged(1);
  assert.equal(clock.timers, 0);
});
