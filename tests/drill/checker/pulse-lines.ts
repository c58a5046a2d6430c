/**
 * What a process of clients writes down besides what was lost or not: when it came. Times are milliseconds since 1970 by
 * the one machine's clock.
 */

/** One second of a process, as far as anything happened in it. */
export type SecondLine = {
  readonly type: 'second';
  /** Whole seconds since 1970. */
  readonly second: number;
  readonly dials: number;
  readonly deliveries: number;
  /** Deliveries by the bucket of their latency (`latency-buckets.ts`). */
  readonly latency: readonly (readonly [bucket: number, count: number])[];
  /** Longest time for which this process itself stood still. */
  readonly stallMs: number;
};

/** What became of a client's connection. `moved` is another gateway without an outage in between. */
export type LinkLine = {
  readonly type: 'link';
  readonly client: string;
  readonly atMs: number;
} & (
  | { readonly what: 'connected' | 'moved'; readonly gateway: string }
  | { readonly what: 'left'; readonly reason: string }
);

/** One client in a stretch of time that the rehearsal has a name for, in which its channel was published to. */
export type WindowLine = {
  readonly type: 'window';
  readonly window: string;
  readonly client: string;
  readonly channel: string;
  readonly deliveries: number;
  /** Longest time without a delivery, and when that ended. */
  readonly gapMs: number;
  readonly gapEndedMs: number;
  /** Longest time from a publish to its delivery. */
  readonly latencyMaxMs: number;
};

export type PulseLine = SecondLine | LinkLine | WindowLine;
