/** Time as a dependency: everything that waits or looks at the clock takes a `Clock`, so that tests and the simulation own time. */

/** A timer that can be called off; calling it off twice, or after it fired, does nothing. */
export type Timer = { cancel(): void };

/** The four things that code may ask of time. */
export type Clock = {
  /** Wall-clock time, milliseconds since 1970. It may jump: use it for what people or tokens say, never for durations. */
  nowMs(): number;
  /** Time that never goes backwards, milliseconds since an arbitrary moment. Use it for durations and deadlines. */
  monotonicMs(): number;
  /** Calls `callback` once after `delayMs` (≥ 0), unless called off. */
  after(delayMs: number, callback: () => void): Timer;
  /** Calls `callback` once the current turn of the event loop has handled its input, before any timer of a later moment. */
  turn(callback: () => void): void;
};

/** The machine's own time. Its timers do not keep the process alive: open sockets and servers do. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    const handle: unknown = setTimeout(callback, delayMs);
    if (isUnrefable(handle)) handle.unref();
    return { cancel: () => clearTimeout(handle as number) };
  },
  turn(callback) {
    // Browsers and k6 have no `setImmediate`.
    if (typeof globalThis.setImmediate === 'function') globalThis.setImmediate(callback);
    else setTimeout(callback, 0);
  },
};

/** Resolves after `delayMs` of the given clock. */
export function delay(clock: Clock, delayMs: number): Promise<void> {
  return new Promise(resolve => void clock.after(delayMs, resolve));
}

/** Calls `callback` every `periodMs` until called off; a slow callback never overlaps itself. */
export function every(clock: Clock, periodMs: number, callback: () => void): Timer {
  let timer: Timer;
  const schedule = (): void => {
    timer = clock.after(periodMs, () => {
      schedule();
      callback();
    });
  };
  schedule();
  return { cancel: () => timer.cancel() };
}

function isUnrefable(handle: unknown): handle is { unref(): void } {
  return typeof handle === 'object' && handle !== null && 'unref' in handle;
}
