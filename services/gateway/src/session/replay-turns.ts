import type { Clock } from '@kittiwake/base';

/**
 * Has the replays of a gateway take turns with everything else, and with each other: one piece in each turn of the event
 * loop, however many come back at once. What is live waits for one piece at most (SPEC X3).
 */
export class ReplayTurns {
  readonly #clock: Pick<Clock, 'turn'>;
  /** One of each membership at most. */
  readonly #waiting: (() => void)[] = [];
  #isScheduled = false;

  constructor(clock: Pick<Clock, 'turn'>) {
    this.#clock = clock;
  }

  /** Calls `send`, which sends a piece and no more, when it is its turn; never at once. */
  take(send: () => void): void {
    this.#waiting.push(send);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#clock.turn(() => this.#run());
  }

  #run(): void {
    const send = this.#waiting.shift();
    this.#isScheduled = this.#waiting.length > 0;
    if (this.#isScheduled) this.#clock.turn(() => this.#run());
    send?.();
  }
}
