import type { Clock, Millis } from '@kittiwake/base';

/** One piece (64 KiB) in so long: 32 MiB/s, a tenth to a third of a core. */
const EVERY_MS: Millis = 2;
/** Pieces of one turn, where the event loop was late: replays go on at their speed on a machine that is too busy. */
const PIECES_MAX = 16;

/**
 * Has the replays of a gateway take turns with everything else, and with each other, at a bounded speed, however many come
 * back at once: what is live waits for one turn at most (SPEC X3).
 */
export class ReplayTurns {
  readonly #clock: Pick<Clock, 'after' | 'monotonicMs'>;
  /** One of each membership at most. */
  readonly #waiting: (() => void)[] = [];
  #isRunning = false;

  constructor(clock: Pick<Clock, 'after' | 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** Calls `send`, which sends a piece and no more, when it is its turn; never at once. */
  take(send: () => void): void {
    this.#waiting.push(send);
    if (!this.#isRunning) this.#pause();
  }

  #pause(): void {
    this.#isRunning = true;
    const fromMs = this.#clock.monotonicMs();
    this.#clock.after(EVERY_MS, () => this.#turn(this.#clock.monotonicMs() - fromMs));
  }

  #turn(pausedMs: Millis): void {
    const pieces = Math.min(PIECES_MAX, Math.max(1, Math.floor(pausedMs / EVERY_MS)));
    for (const send of this.#waiting.splice(0, pieces)) send();
    this.#isRunning = false;
    if (this.#waiting.length > 0) this.#pause();
  }
}
