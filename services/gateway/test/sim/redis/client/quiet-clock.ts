import type { Clock, Random, Timer } from '@kittiwake/base';
import type { Sight, Stir } from '../server/stir.ts';

/** What a quiet clock is made of. */
export type QuietClockParts = { readonly clock: Clock; readonly random: Random; readonly stir: Stir };

const NOTHING_SEEN: Sight = () => false;

type Parked = { readonly delayMs: number; readonly callback: () => void };

/**
 * The clock of somebody who only ever asks around. Where the last two surveys hold as long as nothing stirs, the timer of the
 * next one waits until something does: surveys four times a second cost nothing that way while all is well, and nothing
 * either while something stays broken.
 */
export class QuietClock implements Clock {
  readonly #parts: QuietClockParts;
  readonly #parked = new Set<Parked>();
  /** Whether what the newest survey heard, or hears, holds, and what the one before heard. */
  #sights: readonly [newest: Sight, before: Sight] = [NOTHING_SEEN, NOTHING_SEEN];

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

  /** A survey begins. */
  surveyed(): void {
    this.#sights = [this.#parts.stir.look(), this.#sights[0]];
  }

  /**
   * Whether asking around again would tell what the newest survey told. One alone may have asked over connections that were
   * lost, as those of a process that hung are, and of whoever is far away.
   */
  get holds(): boolean {
    return this.#sights.every(sight => sight());
  }

  /** The next survey. */
  after(delayMs: number, callback: () => void): Timer {
    return this.holds ? this.park(delayMs, callback) : this.#parts.clock.after(delayMs, callback);
  }

  /** Calls back once something stirs, and up to `delayMs` later: where in its period somebody is, nobody knows. */
  park(delayMs: number, callback: () => void): Timer {
    const parked = { delayMs, callback };
    this.#parked.add(parked);
    return { cancel: () => this.#parked.delete(parked) };
  }

  #wake(): void {
    const { clock, random } = this.#parts;
    for (const { delayMs, callback } of this.#parked) clock.after(random.next() * delayMs, callback);
    this.#parked.clear();
  }
}
