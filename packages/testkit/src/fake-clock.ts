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
  return new ManualClock(startAtMs);
}

class ManualClock implements FakeClock {
  readonly #pending = new Set<Pending>();
  #monotonic = 0;
  #wallOffset: number;
  #order = 0;

  constructor(startAtMs: number) {
    this.#wallOffset = startAtMs;
  }

  readonly nowMs = (): number => this.#wallOffset + this.#monotonic;
  readonly monotonicMs = (): number => this.#monotonic;

  readonly after = (delayMs: number, callback: () => void): Timer => {
    assert(delayMs >= 0, 'a timer lies in the future');
    const entry = { atMs: this.#monotonic + delayMs, order: this.#order++, callback };
    this.#pending.add(entry);
    return { cancel: () => void this.#pending.delete(entry) };
  };

  /** The real turn of the event loop: `run` lets it pass. */
  readonly turn = (callback: () => void): void => void setImmediate(callback);

  advance(ms: number): void {
    const untilMs = this.#later(ms);
    while (this.#fireNext(untilMs));
    this.#monotonic = untilMs;
  }

  async run(ms: number): Promise<void> {
    const untilMs = this.#later(ms);
    await turn();
    while (this.#fireNext(untilMs)) await turn();
    this.#monotonic = untilMs;
    await turn();
  }

  jump(ms: number): void {
    this.#wallOffset += ms;
  }

  get timers(): number {
    return this.#pending.size;
  }

  #later(ms: number): number {
    assert(ms >= 0, 'time goes forwards');
    return this.#monotonic + ms;
  }

  #fireNext(untilMs: number): boolean {
    const next = earliest(this.#pending);
    if (next === undefined || next.atMs > untilMs) return false;
    this.#pending.delete(next);
    this.#monotonic = Math.max(this.#monotonic, next.atMs);
    next.callback();
    return true;
  }
}

function earliest(pending: ReadonlySet<Pending>): Pending | undefined {
  let first: Pending | undefined;
  for (const entry of pending) {
    if (first === undefined || entry.atMs < first.atMs) first = entry;
    else if (entry.atMs === first.atMs && entry.order < first.order) first = entry;
  }
  return first;
}
