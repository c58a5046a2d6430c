import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@kittiwake/testkit';
import { Pacer } from './pacer.ts';

function pacerOf() {
  const clock = createFakeClock();
  const pings: number[] = [];
  const ends: string[] = [];
  const pacer = new Pacer({
    clock,
    windowBytes: 100,
    timeoutMs: 1_000,
    ping: () => pings.push(pings.length + 1),
    onSlow: () => void ends.push('slow'),
  });
  return { clock, pings, ends, pacer };
}

test('[X3] a window is free at first, and after the pong of its ping', () => {
  const { pacer, pings } = pacerOf();
  const seen: boolean[] = [];
  pacer.spend(150);
  assert.equal(pacer.hasRoom, false);
  pacer.whenRoom(() => seen.push(pacer.hasRoom));
  assert.deepEqual([pings, seen], [[1], []]);
  pacer.ponged(1);
  assert.deepEqual(seen, [true]);
});

test('[X3] whoever waits together is asked for with one ping', () => {
  const { pacer, pings } = pacerOf();
  let called = 0;
  for (const _ of [1, 2, 3])
    pacer.whenRoom(() => {
      called += 1;
    });
  pacer.ponged(pings[0] ?? 0);
  assert.deepEqual([pings.length, called], [1, 3]);
});

test('[X3] a pong that was not asked for, or comes twice, frees nothing', () => {
  const { pacer } = pacerOf();
  pacer.spend(100);
  pacer.ponged(1);
  assert.equal(pacer.hasRoom, false);
  pacer.whenRoom(() => pacer.spend(100));
  pacer.ponged(7);
  assert.equal(pacer.hasRoom, false);
  pacer.ponged(1);
  pacer.ponged(1);
  assert.equal(pacer.hasRoom, false);
});

test('[X3] a peer that does not read its window in time is slow', () => {
  const { pacer, clock, ends } = pacerOf();
  pacer.whenRoom(() => {});
  clock.advance(1_000);
  assert.deepEqual(ends, ['slow']);
});

test('[X3] a pacer that stopped holds no timer and calls nobody', () => {
  const { pacer, clock } = pacerOf();
  pacer.whenRoom(() => assert.fail('it stopped'));
  pacer.stop();
  pacer.ponged(1);
  assert.equal(clock.timers, 0);
});
