import type { Clock } from '@kittiwake/base';
import type { Metrics } from '../metrics/metrics.ts';

/** Measures how long a peer takes to answer our pings. */
export class RoundTrip {
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  #pingedMs: number | undefined;

  constructor(clock: Clock, metrics: Metrics) {
    this.#clock = clock;
    this.#metrics = metrics;
  }

  pinged(): void {
    this.#pingedMs = this.#clock.monotonicMs();
  }

  /** A pong that nobody asked for is not counted. */
  ponged(): void {
    if (this.#pingedMs === undefined) return;
    const rttMs = this.#clock.monotonicMs() - this.#pingedMs;
    this.#metrics.observe('kittiwake_heartbeat_rtt_seconds', rttMs / 1_000);
    this.#pingedMs = undefined;
  }
}
