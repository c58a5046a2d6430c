import { type Clock, every } from '@kittiwake/base';
import { bucketOf } from '../checker/latency-buckets.ts';
import type { Journal } from './journal.ts';

/** How often the process asks itself whether it runs. */
const BEAT_MS = 20;

type OpenSecond = {
  readonly second: number;
  dials: number;
  deliveries: number;
  readonly latency: Map<number, number>;
  stallMs: number;
};

/** What happened in each second of a process; a second is written when the next one begins. */
export class SecondsTable {
  readonly #journal: Journal;
  readonly #clock: Clock;
  #open: OpenSecond | undefined;

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
  }

  start(): void {
    let dueMs = this.#clock.monotonicMs() + BEAT_MS;
    every(this.#clock, BEAT_MS, () => {
      const nowMs = this.#clock.monotonicMs();
      const second = this.#at(this.#clock.nowMs());
      second.stallMs = Math.max(second.stallMs, Math.round(nowMs - dueMs));
      dueMs = nowMs + BEAT_MS;
    });
  }

  delivered(atMs: number, latencyMs: number): void {
    const second = this.#at(atMs);
    const bucket = bucketOf(latencyMs);
    second.deliveries += 1;
    second.latency.set(bucket, (second.latency.get(bucket) ?? 0) + 1);
  }

  dialled(atMs: number): void {
    this.#at(atMs).dials += 1;
  }

  /** Writes the second that is still open. */
  flush(): void {
    if (this.#open === undefined) return;
    const { latency, ...counts } = this.#open;
    this.#journal.write({ type: 'second', ...counts, latency: [...latency] });
    this.#open = undefined;
  }

  #at(atMs: number): OpenSecond {
    const second = Math.floor(atMs / 1_000);
    if (this.#open?.second === second) return this.#open;
    this.flush();
    this.#open = { second, dials: 0, deliveries: 0, latency: new Map(), stallMs: 0 };
    return this.#open;
  }
}
