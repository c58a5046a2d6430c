import type { Clock, Millis, Timer } from '@kittiwake/base';
import type { Joined } from '@kittiwake/protocol';
import { aheadOf, type ResumePoint } from './resume.ts';

/** A gateway is this late at most where it works: it looks at its channels every 2 s (SPEC B9). */
const LATE_MAX_MS: Millis = 4_000;

/**
 * The way of a membership from one gateway to another (SPEC K18). It ends when the gateway after the move has come as far
 * as the one before had: two gateways hear of a publication at different moments, and one that does not get there has
 * another history.
 */
export class Relocation {
  readonly #clock: Clock;
  readonly #late: () => void;
  #isUnderway = false;
  /** Up to here the gateway before had delivered. */
  #ahead = 0;
  #timer: Timer | undefined;

  constructor(clock: Clock, late: () => void) {
    this.#clock = clock;
    this.#late = late;
  }

  /** The gateway after the move has been asked, and has not answered yet. */
  get isUnderway(): boolean {
    return this.#isUnderway;
  }

  begin(): void {
    this.cancel();
    this.#isUnderway = true;
  }

  /** It has answered somebody who has come as far as `point` meanwhile. */
  arrived(point: ResumePoint | undefined, answer: Joined): void {
    this.cancel();
    const ahead = aheadOf(point, answer);
    if (ahead === undefined) return;
    this.#ahead = ahead;
    this.#timer = this.#clock.after(LATE_MAX_MS, this.#late);
  }

  /** A publication came. */
  seen(offset: number): void {
    if (this.#isUnderway || offset < this.#ahead) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  cancel(): void {
    this.#isUnderway = false;
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
