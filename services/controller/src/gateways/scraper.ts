import { background, type Clock, every, type FailureSink, type Result, type Timer } from '@kittiwake/base';
import type { Metrics } from '../telemetry/metrics.ts';
import type { GatewayPod } from './gateway-pod.ts';

/** Why a scrape gave no number. */
export type ScrapeError = {
  readonly kind: 'timeout' | 'unreachable' | 'status' | 'too_large' | 'absent' | 'malformed';
  readonly message: string;
};

/** Reads the number of active connections from the gateway at an address. */
export type Scrape = (address: string) => Promise<Result<number, ScrapeError>>;

/** What a gateway said last, and when: `atMs` monotonic for its age, `wallAtMs` for the answer's timestamp. */
export type Sample = { readonly value: number; readonly atMs: number; readonly wallAtMs: number };

/** What the scraper is made of. */
export type ScraperParts = {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly scrape: Scrape;
  readonly intervalMs: number;
  /** The gateways of this moment, by uid. */
  readonly gateways: () => ReadonlyMap<string, GatewayPod>;
  readonly onError: (pod: GatewayPod, error: ScrapeError) => void;
  readonly onFailure: FailureSink;
};

/** Scrapes under way at once. */
const PARALLEL_MAX = 16;

/**
 * Asks every ready gateway for its connections, every interval; a round never overlaps the one before. Every replica does: any of
 * them may be asked for the metric, and a scrape costs a gateway about a millisecond.
 */
export class Scraper {
  readonly #parts: ScraperParts;
  readonly #samples = new Map<string, Sample>();
  #timer: Timer | undefined;
  #isScraping = false;
  #hasFinishedRound = false;

  constructor(parts: ScraperParts) {
    this.#parts = parts;
  }

  /** The last answer of each gateway that still exists, by the pod's uid. */
  get samples(): ReadonlyMap<string, Sample> {
    return this.#samples;
  }

  /** Whether every gateway was asked at least once. */
  get hasFinishedRound(): boolean {
    return this.#hasFinishedRound;
  }

  /** Begins; the first round starts with the first call of `round`, or after one interval. */
  start(): void {
    const { clock, intervalMs, onFailure } = this.#parts;
    this.#timer ??= every(clock, intervalMs, () => background(this.round(), 'scrape', onFailure));
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** One round; does nothing while another is under way. */
  async round(): Promise<void> {
    if (this.#isScraping) return;
    this.#isScraping = true;
    try {
      const gateways = this.#parts.gateways();
      for (const uid of this.#samples.keys()) if (!gateways.has(uid)) this.#samples.delete(uid);
      const waiting = [...gateways.values()].filter(pod => pod.state === 'ready' && pod.ip !== undefined);
      const lane = async (): Promise<void> => {
        for (let pod = waiting.pop(); pod !== undefined; pod = waiting.pop()) await this.#one(pod);
      };
      await Promise.all(Array.from({ length: PARALLEL_MAX }, lane));
      this.#hasFinishedRound = true;
    } finally {
      this.#isScraping = false;
    }
  }

  async #one(pod: GatewayPod): Promise<void> {
    const { clock, metrics, scrape, onError } = this.#parts;
    const beganAtMs = clock.monotonicMs();
    const wallAtMs = clock.nowMs();
    const result = await scrape(pod.ip ?? '');
    metrics.observe('kittiwake_controller_scrape_seconds', (clock.monotonicMs() - beganAtMs) / 1_000);
    metrics.count('kittiwake_controller_scrapes_total', 1, { result: result.ok ? 'ok' : 'failed' });
    // [R12] A failed scrape keeps the older value, which ages and is left out once it is stale.
    if (result.ok) this.#samples.set(pod.uid, { value: result.value, atMs: beganAtMs, wallAtMs });
    else onError(pod, result.error);
  }
}
