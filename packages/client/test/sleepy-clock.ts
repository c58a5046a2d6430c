import type { Clock } from '@kittiwake/base';
import type { FakeClock } from '@kittiwake/testkit';

/** The clock of a machine that can sleep: while it does, time goes on and no timer fires. */
export class SleepyClock implements Clock {
  readonly #inner: FakeClock;
  #late: (() => void)[] | undefined;

  constructor(inner: FakeClock) {
    this.#inner = inner;
  }

  readonly nowMs = (): number => this.#inner.nowMs();
  readonly monotonicMs = (): number => this.#inner.monotonicMs();
  readonly turn = (callback: () => void): void => this.#inner.turn(callback);

  readonly after = (delayMs: number, callback: () => void): ReturnType<Clock['after']> => {
    let calledOff = false;
    const fire = (): void => {
      if (!calledOff) callback();
    };
    const timer = this.#inner.after(delayMs, () =>
      this.#late === undefined ? fire() : void this.#late.push(fire),
    );
    return {
      cancel: () => {
        calledOff = true;
        timer.cancel();
      },
    };
  };

  sleep(): void {
    this.#late ??= [];
  }

  /** Wakes up: the timers that fell due meanwhile fire now, in their order. */
  wake(): void {
    const late = this.#late ?? [];
    this.#late = undefined;
    for (const fire of late) fire();
  }
}
