import { background, type Clock, every, type FailureSink, type Result, type Timer } from '@kittiwake/base';
import type { Metrics } from '../telemetry/metrics.ts';
import type { GatewayPod } from './gateway-pod.ts';
import type { GatewayStatus } from './gateway-status.ts';

/** Why a gateway could not be read. */
export type ScrapeError = {
  readonly kind: 'timeout' | 'unreachable' | 'status' | 'too_large' | 'absent' | 'malformed' | 'mistaken';
  readonly message: string;
};

/** Reads the number of active connections from the gateway at an address. */
export type Scrape = (address: string) => Promise<Result<number, ScrapeError>>;

/** Reads what the gateway at an address says about itself. */
export type Look = (address: string) => Promise<Result<GatewayStatus, ScrapeError>>;

/** What a gateway said last, and when: `atMs` monotonic for its age, `wallAtMs` for the answer's timestamp. */
export type Sample = { readonly value: number; readonly atMs: number; readonly wallAtMs: number };

/** A status, and when it was asked for (monotonic): it may be older than the answer, never younger. */
export type SeenStatus = { readonly status: GatewayStatus; readonly atMs: number };

/** What the scraper is made of. */
export type ScraperParts = {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly scrape: Scrape;
  readonly look: Look;
  readonly intervalMs: number;
  /** The gateways of this moment, by uid. */
  readonly gateways: () => ReadonlyMap<string, GatewayPod>;
  /** [R22] Whether sessions are on the move, or about to be: then every second counts. */
  readonly isHurried: () => boolean;
  readonly onRound: () => void;
  readonly onError: (pod: GatewayPod, error: ScrapeError) => void;
  readonly onFailure: FailureSink;
};

/** Gateways asked at once. */
const PARALLEL_MAX = 16;
/** Time between rounds while it is hurried. */
const HURRY_MS = 1_000;

/**
 * Asks ready gateways for their connections, and all that may answer for their status, every interval; a round never overlaps the
 * one before. Every replica does: any of them may be asked for the metric or lead next, and a scrape costs a gateway about a millisecond.
 */
export class Scraper {
  readonly #parts: ScraperParts;
  readonly #samples = new Map<string, Sample>();
  readonly #statuses = new Map<string, SeenStatus>();
  readonly #missed = new Map<string, number>();
  #timer: Timer | undefined;
  #isScraping = false;
  #hasFinishedRound = false;
  #beganAtMs = 0;

  constructor(parts: ScraperParts) {
    this.#parts = parts;
  }

  /** The last answer of each gateway that still exists, by the pod's uid. */
  get samples(): ReadonlyMap<string, Sample> {
    return this.#samples;
  }

  /** The last status of each gateway that still exists, by the pod's uid. */
  get statuses(): ReadonlyMap<string, SeenStatus> {
    return this.#statuses;
  }

  /** Looks in a row at which nothing came from the gateway's address, by the pod's uid; absent: none. */
  get missed(): ReadonlyMap<string, number> {
    return this.#missed;
  }

  /** Whether every gateway was asked at least once. */
  get hasFinishedRound(): boolean {
    return this.#hasFinishedRound;
  }

  /** Begins; the first round starts with the first call of `round`, or after one interval. */
  start(): void {
    if (this.#timer !== undefined) return;
    const { clock, intervalMs, isHurried, onFailure } = this.#parts;
    this.#beganAtMs = clock.monotonicMs();
    this.#timer = every(clock, Math.min(HURRY_MS, intervalMs), () => {
      const isDue = clock.monotonicMs() - this.#beganAtMs >= intervalMs;
      if (isDue || isHurried()) background(this.round(), 'scrape', onFailure);
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** One round; does nothing while another is under way. */
  async round(): Promise<void> {
    if (this.#isScraping) return;
    this.#isScraping = true;
    this.#beganAtMs = this.#parts.clock.monotonicMs();
    try {
      const gateways = this.#parts.gateways();
      for (const seen of [this.#samples, this.#statuses, this.#missed])
        for (const uid of seen.keys()) if (!gateways.has(uid)) seen.delete(uid);
      const waiting = [...gateways.values()].filter(
        ({ state, ip }) => state !== 'finished' && ip !== undefined,
      );
      const lane = async (): Promise<void> => {
        for (let pod = waiting.pop(); pod !== undefined; pod = waiting.pop())
          await Promise.all([this.#scrape(pod), this.#look(pod)]);
      };
      await Promise.all(Array.from({ length: PARALLEL_MAX }, lane));
      this.#hasFinishedRound = true;
    } finally {
      this.#isScraping = false;
    }
    this.#parts.onRound();
  }

  async #scrape(pod: GatewayPod): Promise<void> {
    const { clock, metrics, scrape, onError } = this.#parts;
    if (pod.state !== 'ready') return;
    const beganAtMs = clock.monotonicMs();
    const wallAtMs = clock.nowMs();
    const result = await scrape(pod.ip ?? '');
    metrics.observe('kittiwake_controller_scrape_seconds', (clock.monotonicMs() - beganAtMs) / 1_000);
    metrics.count('kittiwake_controller_scrapes_total', 1, { result: result.ok ? 'ok' : 'failed' });
    // [R12] A failed scrape keeps the older value, which ages and is left out once it is stale.
    if (result.ok) this.#samples.set(pod.uid, { value: result.value, atMs: beganAtMs, wallAtMs });
    else onError(pod, result.error);
  }

  async #look(pod: GatewayPod): Promise<void> {
    const { clock, look, onError } = this.#parts;
    const atMs = clock.monotonicMs();
    const result = await look(pod.ip ?? '');
    if (isSilence(result)) this.#missed.set(pod.uid, (this.#missed.get(pod.uid) ?? 0) + 1);
    else this.#missed.delete(pod.uid);
    // An address that was given to another pod meanwhile answers for that one.
    const isOwn = result.ok && result.value.gateway === pod.name;
    if (isOwn) this.#statuses.set(pod.uid, { status: result.value, atMs });
    // One that starts or ends may well be silent.
    else if (pod.state === 'ready')
      onError(pod, result.ok ? { kind: 'mistaken', message: `it is ${result.value.gateway}` } : result.error);
  }
}

/** An answer that makes no sense is one: somebody is there. */
function isSilence(result: Result<unknown, ScrapeError>): boolean {
  return !result.ok && (result.error.kind === 'timeout' || result.error.kind === 'unreachable');
}
