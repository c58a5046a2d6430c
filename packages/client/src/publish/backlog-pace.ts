import { type BackoffBounds, fullJitter, type Millis, type Random } from '@kittiwake/base';
import type { Failure } from '../failure.ts';

/**
 * Publishes of the backlog that may be unanswered at a time: a gateway warns a session that is over its rate, and closes
 * it with 4429 after ten warnings by default; refusals that are under way at once must stay below that.
 */
const WINDOW = 8;

const PACE_MIN_MS = 20;
const PACE_MAX_MS = 1_000;
const BACKOFF: BackoffBounds = { baseMs: 250, capMs: 3_000 };

/**
 * How fast a backlog goes out. A thousand publishes that waited for a connection are within no session's rate (SPEC L1,
 * L3): a few channels go at a time, and after the first `rate_limited` one by one, ever slower until no more are refused.
 */
export class BacklogPace {
  readonly #random: Random;
  #paceMs: Millis = 0;
  #attempt = 0;
  #heldBackMs: Millis = Number.POSITIVE_INFINITY;
  #notBeforeMs: Millis = Number.NEGATIVE_INFINITY;

  constructor(random: Random) {
    this.#random = random;
  }

  /** For how long the one that may go first was held back since `begin`; infinity where it waits for an answer, or none was. */
  get heldBackMs(): Millis {
    return this.#heldBackMs;
  }

  /** Everything that waits is looked at anew. */
  begin(): void {
    this.#heldBackMs = Number.POSITIVE_INFINITY;
  }

  /** Whether another one may be sent now, while `underway` of the backlog are not answered. */
  mayGo(underway: number, nowMs: Millis): boolean {
    if (underway >= (this.#paceMs > 0 ? 1 : WINDOW)) return false;
    const waitMs = Math.max(0, this.#notBeforeMs - nowMs);
    if (waitMs > 0) this.#heldBackMs = Math.min(this.#heldBackMs, waitMs);
    return waitMs <= 0;
  }

  sent(nowMs: Millis): void {
    if (this.#paceMs > 0) this.#notBeforeMs = Math.max(this.#notBeforeMs, nowMs + this.#paceMs);
  }

  answered(): void {
    this.#attempt = 0;
  }

  /** One was refused for now. */
  refused(failure: Failure, nowMs: Millis): void {
    // A gateway that drains takes nothing more: the next connection does.
    if (failure.kind === 'draining') {
      this.#notBeforeMs = Number.POSITIVE_INFINITY;
      return;
    }
    // It was under way when the one before was refused: what it says is known already.
    if (nowMs < this.#notBeforeMs) return;
    const { kind, retryAfterMs = 0 } = failure;
    if (kind === 'rate_limited') this.#paceMs = clamp(Math.max(2 * this.#paceMs, retryAfterMs));
    const delayMs =
      kind === 'rate_limited'
        ? Math.max(this.#paceMs, retryAfterMs)
        : retryAfterMs + fullJitter(BACKOFF, this.#attempt, this.#random);
    this.#attempt += 1;
    this.#notBeforeMs = Math.max(this.#notBeforeMs, nowMs + delayMs);
  }

  /** Another connection, perhaps another gateway: what was learned does not count there. */
  reset(): void {
    this.#paceMs = 0;
    this.#attempt = 0;
    this.#notBeforeMs = Number.NEGATIVE_INFINITY;
  }
}

function clamp(paceMs: Millis): Millis {
  return Math.min(PACE_MAX_MS, Math.max(PACE_MIN_MS, paceMs));
}
