import type { Clock } from '@kittiwake/base';
import type { ChannelName } from '@kittiwake/protocol';
import type { Rate } from '../config/channel-rule.ts';
import { createRateLimiter, type RateLimiter } from '../limits/rate-limiter.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** Channels whose rate is remembered; the one that was quiet longest is forgotten first, and starts full again. */
const CHANNELS_MAX = 10_000;

/** Whether one more publication may pass. */
export type RateVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly retryAfterMs: number };

/** Holds each channel to its own rate on this gateway, members and backends together (SPEC L2). */
export class ChannelRates {
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  readonly #limiters = new Map<ChannelName, RateLimiter>();

  constructor(clock: Clock, metrics: Metrics) {
    this.#clock = clock;
    this.#metrics = metrics;
  }

  admit(channel: ChannelName, rate: Rate): RateVerdict {
    const retryAfterMs = this.#limiter(channel, rate).take(this.#clock.monotonicMs());
    if (retryAfterMs === 0) return { allowed: true };
    this.#metrics.count('kittiwake_rate_limited_total', 1, { scope: 'channel', verdict: 'warn' });
    return { allowed: false, retryAfterMs };
  }

  #limiter(channel: ChannelName, rate: Rate): RateLimiter {
    const limiter = this.#limiters.get(channel) ?? createRateLimiter(rate);
    // Re-entered at the end, so the map's order is that of the last use.
    this.#limiters.delete(channel);
    this.#limiters.set(channel, limiter);
    if (this.#limiters.size > CHANNELS_MAX) {
      const quietest = this.#limiters.keys().next();
      if (!quietest.done) this.#limiters.delete(quietest.value);
    }
    return limiter;
  }
}
