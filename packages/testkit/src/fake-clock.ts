import { setImmediate as turn } from 'node:timers/promises';
import { assert, type Clock, type Timer } from '@kittiwake/base';

type Pending = { readonly atMs: number; readonly order: number; readonly callback: () => void };

/** A clock that only moves when a test says so. */
export type FakeClock = Clock & {
  /** Moves both times on by `ms`; timers that fall due run in the order of their moments, then of their making. */
  advance(ms: number): void;
  /** Like `advance`, but lets promises and immediates settle after each timer, and at the end. */
  run(ms: number): Promise<void>;
  /** Jumps the wall clock by `ms`, which may be negative; durations and timers do not notice. */
  jump(ms: number): void;
  /** How many timers wait. */
  readonly timers: number;
};

/** Makes a clock whose wall time starts at `startAtMs` (2026-01-01 where absent) and whose monotonic time starts at 0. */
export function createFakeClock(startAtMs: number = Date.UTC(2026, 0, 1)): FakeClock {
  const pending = new Set<Pending>();
  let monotonic = 0;
  let wallOffset = startAtMs;
  let order = 0;

  const fireNext = (untilMs: number): boolean => {
    const next = earliest(pending);
    if (next === undefined || next.atMs > untilMs) return false;
    pending.delete(next);
    monotonic = Math.max(monotonic, next.atMs);
    next.callback();
    return true;
  };

  return {
    nowMs: () => wallOffset + monotonic,
    monotonicMs: () => monotonic,
    after(delayMs, callback): Timer {
      assert(delayMs >= 0, 'a timer lies in the future');
      const entry = { atMs: monotonic + delayMs, order: order++, callback };
      pending.add(entry);
      return { cancel: () => void pending.delete(entry) };
    },
    advance(ms) {
      assert(ms >= 0, 'time goes forwards');
      const untilMs = monotonic + ms;
      while (fireNext(untilMs));
      monotonic = untilMs;
    },
    async run(ms) {
      assert(ms >= 0, 'time goes forwards');
      const untilMs = monotonic + ms;
      await turn();
      while (fireNext(untilMs)) await turn();
      monotonic = untilMs;
      await turn();
    },
    jump(ms) {
      wallOffset += ms;
    },
    get timers() {
      return pending.size;
    },
  };
}

function earliest(pending: ReadonlySet<Pending>): Pending | undefined {
  let first: Pending | undefined;
  for (const entry of pending) {
    if (first === undefined || entry.atMs < first.atMs) first = entry;
    else if (entry.atMs === first.atMs && entry.order < first.order) first = entry;
  }
  return first;
}
