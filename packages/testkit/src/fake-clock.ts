import { assert, type Clock, type Timer } from '@kittiwake/base';

/** A clock that a test moves by hand. Timers fire in order of time, those of one time in order of creation. */
export type FakeClock = Clock & {
  /** Moves time forward, and fires what is due on the way; what fired timers start fires too if it is due. */
  advance(ms: number): void;
  /** Timers that have neither fired nor been called off: a leak shows here. */
  readonly pending: number;
};

/** Where fake time begins: a date, so that a wall-clock time is not mistaken for a duration. */
export const FAKE_EPOCH_MS = Date.UTC(2026, 0, 1);

/** Makes a clock that stands still at `FAKE_EPOCH_MS`, and at 0 monotonic. */
export function createFakeClock(): FakeClock {
  const timers = new Map<number, { readonly atMs: number; readonly callback: () => void }>();
  let nowMs = 0;
  let nextId = 0;
  const after = (delayMs: number, callback: () => void): Timer => {
    assert(delayMs >= 0, 'a timer waits for no negative time');
    const id = nextId;
    nextId += 1;
    timers.set(id, { atMs: nowMs + delayMs, callback });
    return { cancel: () => void timers.delete(id) };
  };
  const fireNext = (untilMs: number): boolean => {
    let due: { readonly id: number; readonly atMs: number; readonly callback: () => void } | undefined;
    for (const [id, timer] of timers) {
      if (timer.atMs <= untilMs && (due === undefined || timer.atMs < due.atMs)) due = { id, ...timer };
    }
    if (due === undefined) return false;
    timers.delete(due.id);
    nowMs = due.atMs;
    due.callback();
    return true;
  };
  return {
    nowMs: () => FAKE_EPOCH_MS + nowMs,
    monotonicMs: () => nowMs,
    after,
    advance(ms) {
      const untilMs = nowMs + ms;
      while (fireNext(untilMs));
      nowMs = untilMs;
    },
    get pending() {
      return timers.size;
    },
  };
}
