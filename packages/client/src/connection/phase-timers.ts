import type { Clock, Millis, Timer } from '@kittiwake/base';
import type { TimerName } from './connection-event.ts';

/**
 * The timers of the current phase. Two of them watch for silence: they fire only when nothing was heard, and hearing
 * something costs one assignment instead of a new timer per message (SPEC K9).
 */
export class PhaseTimers {
  readonly #clock: Clock;
  readonly #fired: (name: TimerName) => void;
  readonly #timers = new Map<TimerName, Timer>();
  #lastHeardMs: Millis = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, fired: (name: TimerName) => void) {
    this.#clock = clock;
    this.#fired = fired;
  }

  /** Something arrived. */
  heard(): void {
    this.#lastHeardMs = this.#clock.monotonicMs();
  }

  /** Starts a timer; one of the same name that runs is replaced. */
  start(name: TimerName, delayMs: Millis): void {
    const startedMs = this.#clock.monotonicMs();
    this.#wait(name, delayMs, () => {
      if (name === 'silence') return this.#silent(delayMs, startedMs);
      if (name === 'probe' && this.#lastHeardMs > startedMs) return;
      this.#fired(name);
    });
  }

  cancelAll(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #silent(limitMs: Millis, startedMs: Millis): void {
    const sinceMs = Math.max(startedMs, this.#lastHeardMs);
    const leftMs = sinceMs + limitMs - this.#clock.monotonicMs();
    if (leftMs <= 0) {
      this.#fired('silence');
      return;
    }
    this.#wait('silence', leftMs, () => this.#silent(limitMs, startedMs));
  }

  #wait(name: TimerName, delayMs: Millis, fired: () => void): void {
    this.#timers.get(name)?.cancel();
    const timer = this.#clock.after(delayMs, () => {
      this.#timers.delete(name);
      fired();
    });
    this.#timers.set(name, timer);
  }
}
