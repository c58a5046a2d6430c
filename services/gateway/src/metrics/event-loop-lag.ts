import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Clock, every, type Millis, type Timer } from '@kittiwake/base';
import type { Metrics } from './metrics.ts';

/** The sampler's own period: Node measures the time between two of its ticks, so this much of a sample is no lag. */
const RESOLUTION_MS = 10;

type IntervalHistogram = ReturnType<typeof monitorEventLoopDelay>;

/** Lag of one period, in milliseconds. */
export type EventLoopLag = { readonly p50Ms: Millis; readonly p99Ms: Millis; readonly maxMs: Millis };

/** Measures event-loop lag and exports its quantiles. */
export type EventLoopLagMonitor = {
  start(): void;
  stop(): void;
  /** The last whole period; zeros before the first is over. */
  last(): EventLoopLag;
};

/**
 * Watches the event loop with `monitorEventLoopDelay` and sets `kittiwake_event_loop_lag_seconds` every `periodMs`. The
 * period belongs to the gateway, not to the scraper, so several scrapers do not take each other's samples.
 */
export function createEventLoopLagMonitor(options: {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly periodMs?: Millis;
}): EventLoopLagMonitor {
  let last: EventLoopLag = { p50Ms: 0, p99Ms: 0, maxMs: 0 };
  let running: { readonly histogram: IntervalHistogram; readonly timer: Timer } | undefined;
  return {
    start() {
      if (running !== undefined) return;
      const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      histogram.enable();
      const timer = every(options.clock, options.periodMs ?? 5_000, () => {
        last = read(histogram);
        histogram.reset();
        report(options.metrics, last);
      });
      running = { histogram, timer };
    },
    stop() {
      running?.timer.cancel();
      running?.histogram.disable();
      running = undefined;
    },
    last: () => last,
  };
}

function read(histogram: IntervalHistogram): EventLoopLag {
  if (histogram.count === 0) return { p50Ms: 0, p99Ms: 0, maxMs: 0 };
  const lagMs = (nanoseconds: number): Millis => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  return {
    p50Ms: lagMs(histogram.percentile(50)),
    p99Ms: lagMs(histogram.percentile(99)),
    maxMs: lagMs(histogram.max),
  };
}

function report(metrics: Metrics, lag: EventLoopLag): void {
  metrics.set('kittiwake_event_loop_lag_seconds', lag.p50Ms / 1_000, { quantile: '0.5' });
  metrics.set('kittiwake_event_loop_lag_seconds', lag.p99Ms / 1_000, { quantile: '0.99' });
  metrics.set('kittiwake_event_loop_lag_seconds', lag.maxMs / 1_000, { quantile: '1' });
}
