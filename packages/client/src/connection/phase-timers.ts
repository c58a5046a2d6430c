import type { Clock, Millis, Timer } from '@kittiwake/base';
import type { TimerName } from './connection-event.ts';

/** The watch for silence looks this often whether the machine slept meanwhile. */
const LOOK_MS: Millis = 5_000;

/** A timer that is later than this did not run while it should have: a hidden tab, a laptop that slept, a stopped process. */
const LATE_MS: Millis = 2_000;

/**
 * So much later than it was due, a deadline is not held against the other end: the process stalled, and what came meanwhile is
 * unread. Where it is later than that, timers are throttled or the machine slept: another wait may take a minute, a new attempt less.
 */
const STALLED_MS = { least: 100, most: 10_000 } as const;

/**
 * The timers of the current phase. Two of them watch for silence: they fire only when nothing was heard, and hearing
 * something costs one assignment instead of a new timer per message (SPEC K9). Silence that was slept through says nothing
 * about the other end: then `wake` fires instead, and the watch begins anew. Deadlines for answers get the time back in which
 * this process did not run, once: of a crowd on a machine that stalls, all would give up what has long been answered.
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

  /** Starts a timer; one of the same name that runs is replaced. A probe that is under way is not given more time. */
  start(name: TimerName, delayMs: Millis): void {
    if (name === 'probe' && this.#timers.has(name)) return;
    const startedMs = this.#clock.monotonicMs();
    if (name === 'silence') {
      this.#watch(delayMs, startedMs);
      return;
    }
    const fire = (): void => {
      if (name !== 'probe' || this.#lastHeardMs <= startedMs) this.#fired(name);
    };
    if (name === 'connect' || name === 'probe') this.#waitAwake(name, delayMs, fire);
    else this.#wait(name, delayMs, fire);
  }

  cancel(name: TimerName): void {
    this.#timers.get(name)?.cancel();
    this.#timers.delete(name);
  }

  cancelAll(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  /** Fires `silence` once nothing was heard for `limitMs`, counted from `startedMs` at the earliest. */
  #watch(limitMs: Millis, startedMs: Millis): void {
    const nowMs = this.#clock.monotonicMs();
    const wallMs = this.#clock.nowMs();
    const leftMs = Math.max(startedMs, this.#lastHeardMs) + limitMs - nowMs;
    if (leftMs <= 0) {
      this.#fired('silence');
      return;
    }
    const lookMs = Math.min(leftMs, LOOK_MS);
    this.#wait('silence', lookMs, () => {
      // Some clocks stop while the machine sleeps, and the other one does not.
      const passedMs = Math.max(this.#clock.monotonicMs() - nowMs, this.#clock.nowMs() - wallMs);
      const slept = passedMs > lookMs + LATE_MS;
      this.#watch(limitMs, slept ? this.#clock.monotonicMs() : startedMs);
      if (slept) this.#fired('wake');
    });
  }

  #waitAwake(name: TimerName, delayMs: Millis, fired: () => void): void {
    const dueMs = this.#clock.monotonicMs() + delayMs;
    this.#wait(name, delayMs, () => {
      const lateMs = this.#clock.monotonicMs() - dueMs;
      const isStall = lateMs >= STALLED_MS.least && lateMs <= STALLED_MS.most;
      if (isStall) this.#wait(name, Math.min(lateMs, delayMs), fired);
      else fired();
    });
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
