import type { Clock, Millis } from '@kittiwake/base';
import type { Admission, Lane } from '../limits/admission.ts';
import { fullBucket, type Rate, type TokenBucket, take } from '../limits/token-bucket.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { laneOf, mustBeTold } from './upgrade.ts';

/** What a turnstile needs of admission. */
export type TurnstileAdmission = Pick<Admission, 'ask' | 'tell' | 'perSecond' | 'limitedBy'>;

/** What becomes of a newcomer. Whoever is turned away is told when to come back, by the answer or by a message, if at all. */
export type Turn = { readonly turn: 'pass' } | TurnedAway;
type TurnedAway =
  | {
      readonly turn: 'away';
      readonly kind: 'storm' | 'draining';
      /** Absent: some time of the usual range. */
      readonly retryAfterMs: Millis | undefined;
    }
  /** The handshake is answered, so that a client that sees nothing else can be told. */
  | { readonly turn: 'tell'; readonly retryAfterMs: Millis };

const PASS: Turn = { turn: 'pass' };
const UNTOLD: TurnedAway = { turn: 'away', kind: 'storm', retryAfterMs: undefined };

/** Those who are told by a message, as a part of the rate at which clients are let in; telling costs as much as three refusals. */
const TOLD_SHARE = 2;
/** Those who were told and have not left yet. */
const TOLD_OPEN_MAX = 512;

/**
 * Stands before everything that costs anything: who comes in a storm passes, is refused, or, where a client could not see
 * the refusal, is let in to hear it (SPEC L6 to L8). Those that are too many to be told find the connection failed.
 */
export class Turnstile {
  readonly #admission: TurnstileAdmission;
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  #told: TokenBucket;
  #toldOpen = 0;

  constructor(parts: {
    readonly admission: TurnstileAdmission;
    readonly clock: Clock;
    readonly metrics: Metrics;
  }) {
    this.#admission = parts.admission;
    this.#clock = parts.clock;
    this.#metrics = parts.metrics;
    this.#told = fullBucket(this.#toldRate, parts.clock.monotonicMs());
  }

  /** Judges by two headers as they are. */
  judge(headers: { readonly protocols: string | undefined; readonly origin: string | undefined }): Turn {
    const lane = laneOf(headers.protocols);
    if (this.#admission.ask(lane)) return PASS;
    const turned = this.#turn(lane, mustBeTold(headers.origin, headers.protocols));
    this.#count(lane, turned);
    return turned;
  }

  /** Somebody is being told. Paired with one `toldLeft`. */
  toldCame(): void {
    this.#toldOpen += 1;
  }

  toldLeft(): void {
    this.#toldOpen -= 1;
  }

  /** Who will not hear its time is given none: nobody waits behind it. */
  #turn(lane: Lane, isBlind: boolean): TurnedAway {
    if (!isBlind) return { turn: 'away', kind: 'storm', retryAfterMs: this.#admission.tell(lane) };
    return this.#mayTell() ? { turn: 'tell', retryAfterMs: this.#admission.tell(lane) } : UNTOLD;
  }

  #count(client: Lane, { turn, retryAfterMs }: TurnedAway): void {
    const byHeader = retryAfterMs === undefined ? 'nothing' : 'header';
    const told = turn === 'tell' ? 'goaway' : byHeader;
    const reason = this.#admission.limitedBy;
    this.#metrics.count('kittiwake_admission_refused_total', 1, { client, reason, told });
  }

  #mayTell(): boolean {
    if (this.#toldOpen >= TOLD_OPEN_MAX) return false;
    const nowMs = this.#clock.monotonicMs();
    const { bucket, allowed } = take(this.#told, this.#toldRate, { nowMs, n: 1 });
    this.#told = bucket;
    return allowed;
  }

  get #toldRate(): Rate {
    const perSecond = this.#admission.perSecond * TOLD_SHARE;
    return { perSecond, burst: Math.max(1, perSecond / 2) };
  }
}
