import type { Clock, Millis, Timer } from '@kittiwake/base';
import type { Joined, ResumeOutcome } from '@kittiwake/protocol';
import { aheadOf, answerTo, type ResumePoint } from './resume.ts';

/** A gateway is this late at most where it works: it looks at its channels every 2 s (SPEC B9). */
const LATE_MAX_MS: Millis = 4_000;
/** All that the join named. */
const ALL = Number.POSITIVE_INFINITY;
/** Nothing of it that could be compared. */
const NONE = -1;

/**
 * The way of a membership from one gateway to another (SPEC K18). It ends when the gateway after the move has come as far
 * as the one before had: two gateways hear of a publication at different moments, and one that does not get there has
 * another history.
 */
export class Relocation {
  readonly #clock: Clock;
  readonly #late: () => void;
  #isUnderway = false;
  /** Up to here what the join named is still held. */
  #kept = ALL;
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
    this.#kept = ALL;
  }

  /** The gateway before has told of a change of the history, which goes on behind `point`. */
  changed(outcome: ResumeOutcome, point: ResumePoint): void {
    this.#kept = outcome === 'truncated' ? Math.min(this.#kept, point.position.offset) : NONE;
  }

  /**
   * It has answered somebody who has come as far as `point` meanwhile. Returns what the answer is to who holds that: it
   * speaks of what the join named. `undefined` where it says nothing about what is held, so that it has to be asked again.
   */
  arrived(point: ResumePoint | undefined, joined: Joined): Joined | undefined {
    this.cancel();
    const answer = answerTo(this.#kept, joined);
    const ahead = answer === undefined ? undefined : aheadOf(point, answer);
    if (ahead !== undefined) {
      this.#ahead = ahead;
      this.#timer = this.#clock.after(LATE_MAX_MS, this.#late);
    }
    return answer;
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
