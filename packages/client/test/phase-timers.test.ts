import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@kittiwake/testkit';
import { PhaseTimers } from '../src/connection/phase-timers.ts';
import { SleepyClock } from './sleepy-clock.ts';

/** Timers on a machine that can stall, and what fired. */
function stallable() {
  const clock = createFakeClock();
  const machine = new SleepyClock(clock);
  const fired: string[] = [];
  const timers = new PhaseTimers(machine, name => void fired.push(`${name} ${clock.monotonicMs()}`));
  const stall = (ms: number): void => {
    machine.sleep();
    clock.advance(ms);
    machine.wake();
  };
  return { clock, timers, fired, stall };
}

test('[K9] a deadline for an answer gets back, once, what the process stalled, and no more than it had', () => {
  const { clock, timers, fired, stall } = stallable();
  timers.start('connect', 3_000);
  stall(4_000);
  clock.advance(999);
  assert.deepEqual(fired, []);
  clock.advance(1);
  assert.deepEqual(fired, ['connect 5000']);
  timers.start('connect', 3_000);
  stall(13_000);
  clock.advance(3_000);
  assert.deepEqual(fired, ['connect 5000', 'connect 21000']);
});

test('[K9] what was answered during a stall is not given up: its timer is cancelled when the answer is read', () => {
  const { clock, timers, fired, stall } = stallable();
  timers.start('connect', 3_000);
  stall(12_000);
  timers.cancel('connect');
  clock.advance(60_000);
  assert.deepEqual(fired, []);
});

test('[K9] a deadline that was slept through fires at the next occasion: timers of a hidden page are a minute apart', () => {
  const { timers, fired, stall } = stallable();
  timers.start('probe', 3_000);
  stall(60_000);
  assert.deepEqual(fired, ['probe 60000']);
});

test('[K9] a deadline that is on time fires on time, and so do waits of our own however late', () => {
  const { clock, timers, fired, stall } = stallable();
  timers.start('connect', 3_000);
  clock.advance(3_000);
  timers.start('retry', 1_000);
  stall(30_000);
  assert.deepEqual(fired, ['connect 3000', 'retry 33000']);
});
