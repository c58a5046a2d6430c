import { background, type Clock, type FailureSink, type Result, type Timer } from '@kittiwake/base';
import { WorkQueue } from '../queue/work-queue.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { ApplyError } from './apply.ts';

/** Work on one key: observe, plan, apply. The certificate, rebalancing, deletion costs, drains, ejections and the status are keys of their own. */
export type ReconcileWork = () => Promise<Result<void, ApplyError>>;

/** What the reconciler is made of. `resyncMs`: how often everything is looked at although nothing was reported. */
export type ReconcilerParts = {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly work: ReadonlyMap<string, ReconcileWork>;
  readonly resyncMs: number;
  readonly onError: (key: string, error: ApplyError) => void;
  readonly onFailure: FailureSink;
};

/** Runs one piece of work at a time, while this replica leads. [R7] Handlers only name keys; nothing is done where it is noticed. */
export class Reconciler {
  readonly #parts: ReconcilerParts;
  readonly #queue = new WorkQueue();
  #isLeading = false;
  #isWorking = false;
  #timer: Timer | undefined;

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
  }

  /** Begins: every key is looked at now. */
  start(): void {
    if (this.#isLeading) return;
    this.#isLeading = true;
    for (const key of this.#parts.work.keys()) this.#queue.add(key, this.#parts.clock.monotonicMs());
    this.#wake();
  }

  /** Forgets what waits. Work under way finds out by itself that the lease is gone. */
  stop(): void {
    this.#isLeading = false;
    this.#timer?.cancel();
    this.#queue.clear();
  }

  /** Says that these keys may have changed. Ignored while this replica does not lead. */
  enqueue(...keys: readonly string[]): void {
    if (!this.#isLeading) return;
    for (const key of keys) this.#queue.add(key, this.#parts.clock.monotonicMs());
    this.#wake();
  }

  #wake(): void {
    this.#timer?.cancel();
    const dueAtMs = this.#queue.nextDueAtMs();
    if (!this.#isLeading || this.#isWorking || dueAtMs === undefined) return;
    const { clock, onFailure } = this.#parts;
    this.#timer = clock.after(Math.max(0, dueAtMs - clock.monotonicMs()), () =>
      background(this.#next(), 'reconcile', onFailure),
    );
  }

  async #next(): Promise<void> {
    const { clock, work } = this.#parts;
    const key = this.#isWorking || !this.#isLeading ? undefined : this.#queue.take(clock.monotonicMs());
    const run = key === undefined ? undefined : work.get(key);
    if (key === undefined || run === undefined) return this.#wake();
    this.#isWorking = true;
    try {
      this.#settle(key, await run());
    } finally {
      this.#isWorking = false;
      this.#wake();
    }
  }

  #settle(key: string, result: Result<void, ApplyError>): void {
    const { clock, metrics, resyncMs, onError } = this.#parts;
    metrics.count('kittiwake_controller_reconciles_total', 1, { result: result.ok ? 'ok' : 'failed' });
    if (!result.ok) {
      onError(key, result.error);
      this.#queue.failed(key, clock.monotonicMs());
      return;
    }
    this.#queue.done(key);
    if (this.#isLeading) this.#queue.add(key, clock.monotonicMs() + resyncMs);
  }
}
