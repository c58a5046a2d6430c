import { assert, type Clock, type Millis, type Random } from '@kittiwake/base';
import {
  type AdmissionBounds,
  type AdmissionLimit,
  type AdmissionRate,
  type AdmissionReading,
  expectedPerSecond,
  nextRate,
} from './admission-rate.ts';
import { fullBucket, type TokenBucket, take } from './token-bucket.ts';

/** Whose place in the queue it is: of a client that says it has a session to continue, or of any other. */
export type Lane = 'resume' | 'new';

/** What admission needs. */
export type AdmissionParts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly bounds: AdmissionBounds;
  /** What it begins with. */
  readonly rate: AdmissionRate;
  /** Connections that may come at once. */
  readonly burst: number;
  /** The longest time that anybody is told to stay away. */
  readonly retryAfterMaxMs: Millis;
};

/** What part of the rate each lane has for itself (SPEC L7); what it does not need it lends to the other. */
const SHARES = { resume: 0.8, new: 0.2 } as const satisfies { readonly [L in Lane]: number };
const OTHER = { resume: 'new', new: 'resume' } as const satisfies { readonly [L in Lane]: Lane };
const RETRY_AFTER_MIN_MS: Millis = 1_000;
/** A told time is off by up to this part of itself, so that those who were refused together do not return together. */
const JITTER = 0.2;

/**
 * Lets new connections in at a rate that follows how the gateway is doing, those that continue a session first (SPEC L6,
 * L7). Each lane has a bucket; a bucket that is more than half full is not short of anything, and lends.
 *
 *     rate 500/s, burst 250      resume ▕████████████████▏ 400/s, 200      new ▕████▏ 100/s, 50
 *     nobody new comes           resume takes 400/s, and the 100/s that run over the half of the other
 *
 * Whoever is refused gets a place in time: one after the other at the rate that is to be expected then, new sessions behind
 * the last resume.
 */
export class Admission {
  readonly #parts: AdmissionParts;
  readonly #buckets: { [L in Lane]: TokenBucket };
  /** When the last one that was told a time will come. */
  readonly #toldToMs: { [L in Lane]: Millis } = { resume: 0, new: 0 };
  #rate: AdmissionRate;

  constructor(parts: AdmissionParts) {
    const { clock, bounds, burst, rate } = parts;
    assert(bounds.perSecondMin > 0 && bounds.perSecondMin <= bounds.perSecondMax, 'a rate has bounds');
    assert(burst * SHARES.new >= 2, 'each lane lets some in at once, and can lend');
    this.#parts = parts;
    this.#rate = rate;
    // Who begins at part of the rate lets the same part of the burst in at once.
    const share = rate.perSecond / bounds.perSecondMax;
    const begin = (lane: Lane): TokenBucket => {
      const full = fullBucket(this.#rateOf(lane), clock.monotonicMs());
      return { ...full, tokens: full.tokens * share };
    };
    this.#buckets = { resume: begin('resume'), new: begin('new') };
  }

  /** New connections per second, at this moment. */
  get perSecond(): number {
    return this.#rate.perSecond;
  }

  /** What keeps it from being more. */
  get limitedBy(): AdmissionLimit {
    return this.#rate.limitedBy;
  }

  /** Whether one more may come now. Costs about a microsecond. */
  ask(lane: Lane): boolean {
    const nowMs = this.#parts.clock.monotonicMs();
    if (this.#take(lane, { spare: 0, nowMs })) return true;
    const other = OTHER[lane];
    return this.#take(other, { spare: this.#rateOf(other).burst / 2, nowMs });
  }

  /** Gives one that may not come now, and is told so, its time to come again. */
  tell(lane: Lane): Millis {
    const { clock, random, retryAfterMaxMs } = this.#parts;
    const nowMs = clock.monotonicMs();
    const latestMs = nowMs + retryAfterMaxMs;
    const ahead = this.#aheadOf(lane);
    const freeMs = Math.max(nowMs + RETRY_AFTER_MIN_MS, ahead);
    const placeMs = freeMs + 1_000 / expectedPerSecond(this.#rate, this.#parts.bounds, freeMs - nowMs);
    this.#toldToMs[lane] = Math.min(placeMs, latestMs);
    // A crowd for which there is no place in that time is spread over the second half of it.
    if (placeMs >= latestMs) return (retryAfterMaxMs * (1 + random.next())) / 2;
    const jitter = 1 - JITTER + 2 * JITTER * random.next();
    return Math.min(retryAfterMaxMs, Math.max(RETRY_AFTER_MIN_MS, (placeMs - nowMs) * jitter));
  }

  /** How long the next one of a lane would be told to stay away, give or take; 0 where nobody has to. */
  waitMs(lane: Lane): Millis {
    return Math.max(0, this.#aheadOf(lane) - this.#parts.clock.monotonicMs());
  }

  /** Takes what was felt since the last reading into account. */
  feel(reading: AdmissionReading): void {
    this.#rate = nextRate(this.#rate, reading, this.#parts.bounds);
  }

  /** Takes a token where more than `spare` are there. */
  #take(lane: Lane, { spare, nowMs }: { readonly spare: number; readonly nowMs: Millis }): boolean {
    const { bucket, allowed } = take(this.#buckets[lane], this.#rateOf(lane), { nowMs, n: 1 + spare });
    this.#buckets[lane] = allowed ? { ...bucket, tokens: bucket.tokens + spare } : bucket;
    return allowed;
  }

  #aheadOf(lane: Lane): Millis {
    const told = this.#toldToMs;
    return lane === 'new' ? Math.max(told.new, told.resume) : told.resume;
  }

  #rateOf(lane: Lane): { readonly perSecond: number; readonly burst: number } {
    const share = SHARES[lane];
    return { perSecond: this.#rate.perSecond * share, burst: this.#parts.burst * share };
  }
}
