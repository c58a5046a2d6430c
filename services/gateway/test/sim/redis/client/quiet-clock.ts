import type { Clock, Random, Timer } from '@kittiwake/base';
import type { Stir } from '../server/stir.ts';

/** What a quiet clock is made of. */
export type QuietClockParts = { readonly clock: Clock; readonly random: Random; readonly stir: Stir };

type Parked = { readonly delayMs: number; readonly callback: () => void };

/** An answer that was heard so often, since all is still, is the answer: a first one may be that of a broken connection. */
const SURE_AFTER = 2;

/**
 * The clock of somebody who only ever asks around. Where the same was heard twice and nothing has stirred, timers wait
 * until something does: surveys four times a second cost nothing that way while all is well, and nothing either while
 * something stays broken.
 */
export class QuietClock implements Clock {
  readonly #parts: QuietClockParts;
  readonly #parked = new Set<Parked>();
  /** What the survey under way began with, and how often the one before it led to the same delay. */
  #seen = -1;
  #lastDelayMs = -1;
  #alike = 0;

  constructor(parts: QuietClockParts) {
    this.#parts = parts;
    parts.stir.listen(() => this.#wake());
  }

  nowMs(): number {
    return this.#parts.clock.nowMs();
  }

  monotonicMs(): number {
    return this.#parts.clock.monotonicMs();
  }

  turn(callback: () => void): void {
    this.#parts.clock.turn(callback);
  }

  /** The next survey; how long until then tells what the last one came to. */
  after(delayMs: number, callback: () => void): Timer {
    const isAlike = delayMs === this.#lastDelayMs && this.#parts.stir.isStillAs(this.#seen);
    this.#alike = isAlike ? this.#alike + 1 : 0;
    this.#lastDelayMs = delayMs;
    const survey = (): void => {
      this.#seen = this.#parts.stir.count;
      callback();
    };
    return this.#alike >= SURE_AFTER ? this.park(delayMs, survey) : this.#parts.clock.after(delayMs, survey);
  }

  /** Calls back once something stirs, and up to `delayMs` later: where in its period somebody is, nobody knows. */
  park(delayMs: number, callback: () => void): Timer {
    const parked = { delayMs, callback };
    this.#parked.add(parked);
    return { cancel: () => this.#parked.delete(parked) };
  }

  #wake(): void {
    this.#alike = 0;
    const { clock, random } = this.#parts;
    for (const { delayMs, callback } of this.#parked) clock.after(random.next() * delayMs, callback);
    this.#parked.clear();
  }
}
