import type { Clock, Timer } from '@kittiwake/base';

/** How often timers of a hidden page run. */
const THROTTLED_EVERY_MS = 1_000;

/** The clock of a page: counts the timers that wait, and lets them run once a second while the page is hidden. */
export class ClientClock implements Clock {
  readonly #clock: Clock;
  hidden = false;
  #timers = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Timers that wait. */
  get timers(): number {
    return this.#timers;
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  after(delayMs: number, callback: () => void): Timer {
    let timer: Timer;
    let waits = true;
    const end = (): void => {
      if (waits) this.#timers -= 1;
      waits = false;
    };
    const due = (): void => {
      if (this.hidden && waits) {
        const late = THROTTLED_EVERY_MS - (this.#clock.monotonicMs() % THROTTLED_EVERY_MS);
        timer = this.#clock.after(late, run);
      } else run();
    };
    const run = (): void => {
      if (!waits) return;
      end();
      callback();
    };
    this.#timers += 1;
    timer = this.#clock.after(delayMs, due);
    return {
      cancel: () => {
        end();
        timer.cancel();
      },
    };
  }

  turn(callback: () => void): void {
    this.#clock.turn(callback);
  }
}
