import type { Clock, Random, Timer } from '@kittiwake/base';
import type { Stir } from '../server/stir.ts';

/** What a quiet clock is made of. */
export type QuietClockParts = { readonly clock: Clock; readonly random: Random; readonly stir: Stir };

type Parked = { readonly delayMs: number; readonly callback: () => void };

/**
 * The clock of somebody who only ever asks around: its timers wait for as long as nothing has stirred since the last one
 * went off, for the answers would be the same. Surveys four times a second cost nothing that way while all is well, and
 * nothing either while something stays broken.
 */
export class QuietClock implements Clock {
  readonly #parts: QuietClockParts;
  readonly #parked = new Set<Parked>();
  #seen = -1;

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

  /** How often something has stirred. */
  get stirred(): number {
    return this.#parts.stir.count;
  }

  after(delayMs: number, callback: () => void): Timer {
    return this.afterSince(this.#seen, delayMs, callback);
  }

  /** Calls back `delayMs` from now, or from the next time that something stirs where nothing has since `seen`. */
  afterSince(seen: number, delayMs: number, callback: () => void): Timer {
    if (seen !== this.stirred) return this.#plan(delayMs, callback);
    const parked = { delayMs, callback };
    this.#parked.add(parked);
    return { cancel: () => this.#parked.delete(parked) };
  }

  #plan(delayMs: number, callback: () => void): Timer {
    return this.#parts.clock.after(delayMs, () => {
      this.#seen = this.stirred;
      callback();
    });
  }

  /** Where in its period somebody is, nobody knows. */
  #wake(): void {
    for (const { delayMs, callback } of this.#parked)
      this.#plan(this.#parts.random.next() * delayMs, callback);
    this.#parked.clear();
  }
}
