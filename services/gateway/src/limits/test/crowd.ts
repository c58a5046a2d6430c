import { type Clock, fullJitter, type Millis, type Random } from '@kittiwake/base';
import type { Admission, Lane } from '../admission.ts';

/** A client of a crowd: what it says of itself, and when it comes again after so many refusals. */
export type Visitor = {
  readonly lane: Lane;
  /** How long it stays away: it may ask to be told, and knows how often it was refused and when. */
  readonly again: (toldMs: () => Millis, failures: number, nowMs: Millis) => Millis;
};

/** What became of a crowd. */
export type Passage = {
  /** When each was let in, of its lane, in order. */
  readonly admitted: readonly { readonly atMs: Millis; readonly lane: Lane }[];
  readonly attempts: number;
};

/** The backoff of the SDK, and of many another client. */
const BACKOFF = { baseMs: 1_000, capMs: 30_000 };

/** Comes exactly when it is told to, as the SDK after `goaway`. */
export function obedient(lane: Lane): Visitor {
  return { lane, again: toldMs => toldMs() };
}

/** Comes in the second that it was told by a header, as the SDK in Node. */
export function heedful(random: Random): Visitor {
  return {
    lane: 'resume',
    again: toldMs => Math.ceil(toldMs() / 1_000) * 1_000 + random.next() * 1_000,
  };
}

/** The SDK where it is told nothing: full jitter, and no longer than the outage so far (SPEC K1). */
export function untold(random: Random): Visitor {
  const boundedBy = (nowMs: Millis) => ({ ...BACKOFF, capMs: Math.min(30_000, Math.max(1_000, nowMs)) });
  return {
    lane: 'resume',
    again: (_toldMs, failures, nowMs) => fullJitter(boundedBy(nowMs), failures, random),
  };
}

/** A reconnecting WebSocket of another kind: full jitter, whatever it is told. */
export function plain(random: Random): Visitor {
  return { lane: 'new', again: (_toldMs, failures) => fullJitter(BACKOFF, failures, random) };
}

/** Everybody loses the connection at once, and comes first within a second; dials go to the gateways at random. */
export function passage(
  visitors: readonly Visitor[],
  gatewaysOf: (clock: Clock) => readonly Admission[],
  random: Random,
): Passage {
  const time = new CrowdTime();
  const gateways = gatewaysOf(time.clock);
  const admitted: { atMs: Millis; lane: Lane }[] = [];
  let attempts = 0;
  const come = (visitor: Visitor, failures: number): void => {
    attempts += 1;
    const gateway = gateways[Math.floor(random.next() * gateways.length)];
    if (gateway === undefined) return;
    if (gateway.ask(visitor.lane)) {
      admitted.push({ atMs: time.nowMs, lane: visitor.lane });
      return;
    }
    const again = visitor.again(() => gateway.tell(visitor.lane), failures + 1, time.nowMs);
    time.after(again, () => come(visitor, failures + 1));
  };
  for (const visitor of visitors) time.after(random.next() * 1_000, () => come(visitor, 0));
  time.runOut();
  return { admitted, attempts };
}

/** The most that were let in within any second. */
export function peakPerSecond({ admitted }: Passage): number {
  let peak = 0;
  let first = 0;
  for (const [index, { atMs }] of admitted.entries()) {
    while ((admitted[first]?.atMs ?? atMs) <= atMs - 1_000) first += 1;
    peak = Math.max(peak, index - first + 1);
  }
  return peak;
}

/** Time for very many timers, to the millisecond. */
class CrowdTime {
  readonly #moments = new Map<number, (() => void)[]>();
  #waiting = 0;
  nowMs: Millis = 0;
  readonly clock: Clock = {
    nowMs: () => this.nowMs,
    monotonicMs: () => this.nowMs,
    after: (delayMs, callback) => {
      this.after(delayMs, callback);
      return { cancel: () => {} };
    },
    turn: callback => callback(),
  };

  after(delayMs: Millis, callback: () => void): void {
    const atMs = Math.ceil(this.nowMs + Math.max(1, delayMs));
    this.#moments.set(atMs, [...(this.#moments.get(atMs) ?? []), callback]);
    this.#waiting += 1;
  }

  runOut(): void {
    for (; this.#waiting > 0; this.nowMs += 1) {
      const due = this.#moments.get(this.nowMs) ?? [];
      this.#moments.delete(this.nowMs);
      this.#waiting -= due.length;
      for (const callback of due) callback();
    }
  }
}
