import type { Metrics } from '../metrics/metrics.ts';

/** Counts what is written by many peers, and reports it once per slice instead of once per peer. */
export class Tally {
  readonly #metrics: Metrics;
  #frames = 0;
  #bytes = 0;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  sent(frames: number, bytes: number): void {
    this.#frames += frames;
    this.#bytes += bytes;
  }

  /** Moves what was counted to the metrics. */
  report(): void {
    if (this.#frames === 0) return;
    this.#metrics.count('kittiwake_messages_sent_total', this.#frames);
    this.#metrics.count('kittiwake_bytes_sent_total', this.#bytes);
    this.#frames = 0;
    this.#bytes = 0;
  }
}
