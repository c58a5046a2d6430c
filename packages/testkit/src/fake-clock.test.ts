import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delay, every } from '@kittiwake/base';
import { createFakeClock } from './fake-clock.ts';

test('[Y1] timers run in the order of their moments, then of their making', () => {
  const clock = createFakeClock();
  const seen: string[] = [];
  clock.after(20, () => seen.push('late'));
  clock.after(10, () => seen.push('early'));
  clock.after(10, () => seen.push('early too'));
  clock.advance(20);
  assert.deepEqual(seen, ['early', 'early too', 'late']);
});

test('[Y1] a timer made by a timer runs in the same advance when it is due', () => {
  const clock = createFakeClock();
  const moments: number[] = [];
  every(clock, 10, () => moments.push(clock.monotonicMs()));
  clock.advance(35);
  assert.deepEqual(moments, [10, 20, 30]);
});

test('[Y1] a timer that was called off never runs', () => {
  const clock = createFakeClock();
  const timer = clock.after(5, () => assert.fail('it was called off'));
  timer.cancel();
  clock.advance(10);
  assert.equal(clock.timers, 0);
});

test('[Y1] a jump moves the wall clock only', () => {
  const clock = createFakeClock(1_000);
  clock.jump(-500);
  clock.advance(10);
  assert.deepEqual([clock.nowMs(), clock.monotonicMs()], [510, 10]);
});

test('[Y1] run lets promises settle between timers', async () => {
  const clock = createFakeClock();
  const seen: number[] = [];
  const work = async (): Promise<void> => {
    await delay(clock, 10);
    await delay(clock, 10);
    seen.push(clock.monotonicMs());
  };
  void work();
  await clock.run(25);
  assert.deepEqual(seen, [20]);
});
