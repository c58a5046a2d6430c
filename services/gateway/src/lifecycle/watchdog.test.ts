import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWatchdog } from './watchdog.ts';

/** A clock whose timers fire when the test says how late. */
function lateClock() {
  let nowMs = 0;
  let due: { atMs: number; callback: () => void } | undefined;
  const clock = {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    turn: () => {},
    after: (delayMs: number, callback: () => void) => {
      due = { atMs: nowMs + delayMs, callback };
      const cancel = (): void => {
        due = undefined;
      };
      return { cancel };
    },
  };
  return {
    clock,
    fire(lateMs: number): boolean {
      if (due === undefined) return false;
      nowMs = due.atMs + lateMs;
      due.callback();
      return true;
    },
  };
}

test('[D6] an event loop that turns in time is alive', () => {
  const { clock, fire } = lateClock();
  const watchdog = createWatchdog({ clock });
  watchdog.start();
  for (let n = 0; n < 100; n += 1) fire(4_000);
  assert.equal(watchdog.check(), undefined);
});

test('[D6] three long stalls in a row are not, and one good turn heals', () => {
  const { clock, fire } = lateClock();
  const watchdog = createWatchdog({ clock });
  watchdog.start();
  fire(6_000);
  fire(6_000);
  assert.equal(watchdog.check(), undefined);
  fire(6_000);
  assert.equal(watchdog.check(), 'late 3 times in a row by more than 5000 ms');
  fire(0);
  assert.equal(watchdog.check(), undefined);
});

test('[D6] it stops', () => {
  const { clock, fire } = lateClock();
  const watchdog = createWatchdog({ clock });
  watchdog.start();
  watchdog.start();
  watchdog.stop();
  watchdog.stop();
  assert.equal(fire(0), false);
});
