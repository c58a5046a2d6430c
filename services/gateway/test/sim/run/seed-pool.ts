import { Worker } from 'node:worker_threads';
import { NOTHING, type RangeOfSeeds, type Tally } from './tally.ts';
import { TallyInOrder } from './tally-in-order.ts';

/** What a pool is to do. */
export type PoolOptions = RangeOfSeeds & {
  readonly workers: number;
  /** The bug to plant in the code, by name. */
  readonly bug?: string;
  /** Ends at the first seed that breaks a promise. */
  readonly untilFound: boolean;
  /** What the seeds before `from` came to. */
  readonly before?: Tally;
  /** Hears what all seeds so far came to, in their order: those of a range that others have overtaken are in it. */
  readonly onProgress?: (tally: Tally) => void;
};

/** Seeds that a thread gets at a time: enough to be busy, few enough to stop soon. */
const RANGE = 50;
/** Room for what a few dozen worlds leave behind: whenever the collector looks, it copies the one that is being lived through. */
const YOUNG_MB = 384;
/** A range that takes longer than this has an endless loop in it. */
const RANGE_TIMEOUT_MS = 600_000;

/** Simulates seeds on several threads. Rejects where a thread fails, or hangs on a seed. */
export function runSeeds(options: PoolOptions): Promise<Tally> {
  return new Pool(options).run();
}

class Pool {
  readonly #options: PoolOptions;
  readonly #workers = new Set<Worker>();
  readonly #done = Promise.withResolvers<Tally>();
  readonly #tally: TallyInOrder;
  #next: number;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#tally = new TallyInOrder(options.from, options.before ?? NOTHING);
    this.#next = options.from;
  }

  async run(): Promise<Tally> {
    const { workers, count } = this.#options;
    if (count === 0) return this.#tally.sum;
    for (let n = 0; n < Math.min(workers, Math.ceil(count / RANGE)); n += 1) this.#startWorker();
    try {
      return await this.#done.promise;
    } finally {
      await Promise.all([...this.#workers].map(worker => worker.terminate()));
    }
  }

  #startWorker(): void {
    const { bug } = this.#options;
    const worker = new Worker(new URL('./seed-worker.ts', import.meta.url), {
      workerData: { bug },
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.#workers.add(worker);
    let watchdog: AbortController | undefined;
    let range: RangeOfSeeds | undefined;
    worker.on('error', reason => this.#done.reject(reason));
    worker.on('message', (tally: Tally) => {
      watchdog?.abort();
      if (range !== undefined) this.#add(range, tally);
      range = this.#nextRange();
      if (range === undefined) return this.#retire(worker);
      watchdog = new AbortController();
      this.#watch(range, watchdog.signal);
      worker.postMessage(range);
    });
  }

  #add(range: RangeOfSeeds, done: Tally): void {
    this.#tally.add(range, done);
    this.#options.onProgress?.(this.#tally.sum);
  }

  /** `undefined` where nothing is left to do. */
  #nextRange(): RangeOfSeeds | undefined {
    const { from, count, untilFound } = this.#options;
    const left = from + count - this.#next;
    if (left <= 0 || (untilFound && this.#tally.sum.findings.length > 0)) return undefined;
    const range = { from: this.#next, count: Math.min(RANGE, left) };
    this.#next += range.count;
    return range;
  }

  #retire(worker: Worker): void {
    this.#workers.delete(worker);
    void worker.terminate();
    if (this.#workers.size === 0) this.#done.resolve(this.#tally.sum);
  }

  #watch({ from, count }: RangeOfSeeds, signal: AbortSignal): void {
    const hangs = AbortSignal.timeout(RANGE_TIMEOUT_MS);
    hangs.addEventListener('abort', () => {
      if (!signal.aborted)
        this.#done.reject(new Error(`a seed from ${from} to ${from + count - 1} does not end`));
    });
  }
}
