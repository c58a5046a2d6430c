import type { Clock } from '@kittiwake/base';

/** Something with deadlines. */
export type Watched = {
  /** Ends what is due at `nowMs`; gives the next deadline, infinity where there is none. */
  expire(nowMs: number): number;
};

/** One timer for the deadlines of all connections of a process: commands have one each, and next to none is ever missed. */
export class Watch {
  readonly #clock: Clock;
  readonly #watched = new Set<Watched>();
  #nextMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(watched: Watched): void {
    this.#watched.add(watched);
  }

  remove(watched: Watched): void {
    this.#watched.delete(watched);
  }

  /** A deadline that nobody else need know of. */
  arm(deadlineMs: number): void {
    // A timer that comes earlier finds the later deadlines.
    if (deadlineMs >= this.#nextMs) return;
    this.#nextMs = deadlineMs;
    const delayMs = Math.max(0, deadlineMs - this.#clock.monotonicMs());
    this.#clock.after(delayMs, () => {
      if (this.#nextMs === deadlineMs) this.#expire();
    });
  }

  #expire(): void {
    this.#nextMs = Number.POSITIVE_INFINITY;
    const nowMs = this.#clock.monotonicMs();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const watched of this.#watched) nextMs = Math.min(nextMs, watched.expire(nowMs));
    if (nextMs < Number.POSITIVE_INFINITY) this.arm(nextMs);
  }
}
