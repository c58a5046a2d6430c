import type { Clock } from '../../packages/base/src/clock.ts';

/** k6's time: it has no monotonic clock for scripts, and its resolution is one millisecond. Pending timers keep an iteration alive. */
export const k6Clock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => Date.now(),
  after(delayMs, callback) {
    const handle = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
  turn: callback => void setTimeout(callback, 0),
};
