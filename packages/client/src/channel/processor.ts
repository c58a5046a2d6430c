import { type Bytes, type Deferred, deferred, err, type Result } from '@kittiwake/base';
import { type Failure, localFailure } from '../failure.ts';
import type { ResumePoint } from './resume.ts';

/** How much may wait for a handler. */
export type ProcessBounds = { readonly messagesMax: number; readonly bytesMax: Bytes };

/** Something that is handed over, and where it leads. */
export type Item<Delivery> = {
  readonly delivery: Delivery;
  readonly bytes: Bytes;
  /** The place before it and after it. */
  readonly before: ResumePoint;
  readonly after: ResumePoint;
};

/** What a processor needs. */
export type ProcessorDeps<Delivery> = {
  readonly bounds: ProcessBounds;
  /** Does the application's work; the place is what it commits together with its effect. */
  readonly handle: (delivery: Delivery, commit: ResumePoint) => Promise<void>;
  /** The handler has committed. */
  readonly committed: (delivery: Delivery) => void;
  /** Nothing waits and nothing is worked on any more, after there was no room, or after a release. */
  readonly drained: () => void;
  /** The handler failed; what waited behind it is dropped. */
  readonly failed: (failure: Failure) => void;
};

/**
 * Hands deliveries to a handler one at a time, each only once the one before is committed (SPEC K15). What waits is
 * bounded: once it is full it takes nothing more before all of it is worked off.
 *
 *     take ▶ waiting ▶ handled ▶ committed ▶ next
 *                          ╲▶ failed: the rest is dropped, the place is that of the last commit
 */
export class Processor<Delivery> {
  readonly #deps: ProcessorDeps<Delivery>;
  readonly #ended: Deferred<Result<void, Failure>> = deferred();
  #waiting: Item<Delivery>[] = [];
  #bytes: Bytes = 0;
  #working = false;
  #full = false;
  #committed: ResumePoint | undefined;
  /** Why nothing more is handed over: to be told once the handler is done with what it has. */
  #release: Result<void, Failure> | undefined;
  #over = false;

  constructor(deps: ProcessorDeps<Delivery>) {
    this.#deps = deps;
  }

  /** Resolves when processing ends: left, refused, or the handler failed. */
  get ended(): Promise<Result<void, Failure>> {
    return this.#ended.promise;
  }

  /** Processing has not ended, or its handler still works. */
  get active(): boolean {
    return !this.#over || !this.idle;
  }

  /** Nothing was handed over that is not committed. */
  get idle(): boolean {
    return !this.#working && this.#waiting.length === 0;
  }

  /** Nothing new is taken before what is here is worked off. */
  get paused(): boolean {
    return !this.idle && (this.#full || this.#release !== undefined);
  }

  /** Where the last commit leads, while something after it is here. */
  get committed(): ResumePoint | undefined {
    return this.#committed;
  }

  /** Takes a delivery; false where there is no room. */
  take(item: Item<Delivery>): boolean {
    const { messagesMax, bytesMax } = this.#deps.bounds;
    const fits = this.#waiting.length < messagesMax && this.#bytes + item.bytes <= bytesMax;
    // One is always taken, however large: else it would be asked for again and again.
    if (this.paused || !(fits || this.idle)) {
      this.#full = true;
      return false;
    }
    if (this.idle) this.#committed = item.before;
    this.#release = undefined;
    this.#waiting.push(item);
    this.#bytes += item.bytes;
    if (!this.#working) void this.#work();
    return true;
  }

  /** Drops what waits; what the handler works on it may still commit. Ends with `outcome`. */
  release(outcome: Result<void, Failure>): void {
    this.#drop();
    if (this.#working) this.#release = outcome;
    else this.#end(outcome);
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let item = this.#next(); item !== undefined; item = this.#next()) {
      const failure = await this.#attempt(item);
      if (failure !== undefined) return this.#fail(failure);
      this.#committed = item.after;
      this.#deps.committed(item.delivery);
    }
    this.#working = false;
    const wasPaused = this.#full || this.#release !== undefined;
    this.#full = false;
    if (this.#release !== undefined) this.#end(this.#release);
    this.#release = undefined;
    if (wasPaused) this.#deps.drained();
  }

  #next(): Item<Delivery> | undefined {
    const item = this.#waiting.shift();
    this.#bytes -= item?.bytes ?? 0;
    return item;
  }

  /** Why the handler failed, if it did. */
  async #attempt({ delivery, after }: Item<Delivery>): Promise<Failure | undefined> {
    try {
      await this.#deps.handle(delivery, after);
      return undefined;
    } catch (reason) {
      const text = reason instanceof Error ? reason.message : String(reason);
      return localFailure('handler_failed', `the handler failed: ${text}`, 'never');
    }
  }

  #fail(failure: Failure): void {
    this.#drop();
    this.#working = false;
    this.#release = undefined;
    this.#end(err(failure));
    this.#deps.failed(failure);
  }

  #drop(): void {
    this.#waiting = [];
    this.#bytes = 0;
    this.#full = false;
  }

  #end(outcome: Result<void, Failure>): void {
    this.#over = true;
    this.#ended.resolve(outcome);
  }
}
