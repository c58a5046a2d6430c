import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@kittiwake/testkit';
import { delay, every, systemClock } from './clock.ts';
import { deferred } from './deferred.ts';

test('[Z3] every calls once per period until it is called off', () => {
  const clock = createFakeClock();
  let calls = 0;
  const timer = every(clock, 100, () => (calls += 1));
  clock.advance(99);
  assert.equal(calls, 0);
  clock.advance(201);
  assert.equal(calls, 3);
  timer.cancel();
  clock.advance(1_000);
  assert.equal(calls, 3);
  assert.equal(clock.timers, 0);
});

test('[Z3] every can be called off by its own callback', () => {
  const clock = createFakeClock();
  let calls = 0;
  const timer = every(clock, 10, () => {
    calls += 1;
    timer.cancel();
  });
  clock.advance(100);
  assert.equal(calls, 1);
});

test('[Z3] every goes on after its callback threw', () => {
  const clock = createFakeClock();
  let calls = 0;
  every(clock, 10, () => {
    calls += 1;
    throw new Error('a bug of the callback');
  });
  assert.throws(() => clock.advance(10));
  assert.throws(() => clock.advance(10));
  assert.equal(calls, 2);
});

test('[Z3] delay resolves when its time has come, not before', async () => {
  const clock = createFakeClock();
  let done = false;
  const waiting = delay(clock, 50).then(() => (done = true));
  await clock.run(49);
  assert.equal(done, false);
  await clock.run(1);
  await waiting;
  assert.equal(done, true);
});

test('[Z3] the system clock fires a timer, and not one that was called off', async () => {
  const fired = deferred<number>();
  const calledOff = systemClock.after(0, () => fired.reject(new Error('fired')));
  calledOff.cancel();
  calledOff.cancel();
  const startedMs = systemClock.monotonicMs();
  systemClock.after(5, () => fired.resolve(systemClock.monotonicMs() - startedMs));
  // Timers of the system clock keep no process alive; this one does until the test is over.
  const alive = new MessageChannel();
  alive.port1.onmessage = () => {};
  // Node rounds to whole milliseconds, so a timer may seem to fire up to one early.
  assert.ok((await fired.promise) >= 4);
  alive.port1.close();
});

test('[Z3] a turn ends after the promises of the turn, and before any timer of a later moment', async () => {
  const seen: string[] = [];
  const { promise, resolve } = deferred<void>();
  systemClock.after(20, resolve);
  systemClock.turn(() => seen.push('turn'));
  Promise.resolve().then(() => seen.push('promise'));
  await promise;
  assert.deepEqual(seen, ['promise', 'turn']);
});
