import type { Clock } from '@kittiwake/base';

/** A clock on which time passes between two looks, as on every real one, and whose timers fire a little early. */
export function tickingClock(inner: Clock): Clock {
  let looks = 0;
  return {
    nowMs: () => inner.nowMs(),
    monotonicMs: () => {
      looks += 1;
      return inner.monotonicMs() + looks * 0.001;
    },
    after: (delayMs, callback) => inner.after(Math.max(0, delayMs - 0.5), callback),
    turn: callback => inner.turn(callback),
  };
}
