import { type Clock, err, type Millis, ok, type Result, type Timer } from '@kittiwake/base';
import { type Failure, localFailure } from '../failure.ts';
import type { PublishStore, StoreContent, StoredRecord, StoreFailure } from './publish-store.ts';

/** What a keeper needs. */
export type KeeperDeps = {
  readonly store: PublishStore;
  readonly clock: Clock;
  /** Takes what an earlier client left, before anything new is put; only looks at it where the store is to be closed again. */
  readonly loaded: (content: StoreContent, isCurrent: boolean) => void;
  /** Takes every failure of the store. */
  readonly failed: (failure: Failure) => void;
};

/** Who has the store may be about to let go of it, as a client that was closed a moment ago: so often it is asked again. */
const LOCKED_RETRIES_MS: readonly Millis[] = [50, 100, 200, 400, 800];

/** Uses a store: opens it before the first use, again after a failure to open it, and reports whatever goes wrong (SPEC K14). */
export class Keeper {
  readonly #deps: KeeperDeps;
  #opened: Promise<Result<void, Failure>> | undefined;
  #closed: Promise<void> = Promise.resolve();
  /** Counts openings: what an earlier one finds after it was closed again is left for the next one. */
  #generation = 0;
  #pause: { readonly timer: Timer; over(): void } | undefined;

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
  }

  /** Opens the store, unless it is open. */
  open(): Promise<Result<void, Failure>> {
    this.#opened ??= this.#load(this.#closed);
    return this.#opened;
  }

  /** Puts the record that `build` gives once the store is open. */
  async put(build: () => StoredRecord): Promise<Result<void, Failure>> {
    const opened = await this.open();
    return opened.ok ? this.#attempt(() => this.#deps.store.put(build())) : opened;
  }

  /** Removes a record, after everything that was asked for before. */
  async remove(id: string): Promise<void> {
    const opened = await this.#opened;
    if (opened?.ok === true) await this.#attempt(() => this.#deps.store.remove(id));
  }

  /** Lets go of the store, after everything that was asked for before. */
  close(): void {
    const opened = this.#opened;
    if (opened === undefined) return;
    this.#opened = undefined;
    this.#generation += 1;
    this.#closed = this.#release(opened);
    this.#pause?.timer.cancel();
    this.#pause?.over();
  }

  async #release(opened: Promise<Result<void, Failure>>): Promise<void> {
    const { ok: isOpen } = await opened;
    if (isOpen) await this.#attempt(async () => ok(await this.#deps.store.close()));
  }

  async #load(closed: Promise<void>): Promise<Result<void, Failure>> {
    const generation = this.#generation;
    await closed;
    const content = await this.#attempt(() => this.#take(generation));
    const isCurrent = generation === this.#generation;
    if (content.ok) this.#deps.loaded(content.value, isCurrent);
    if (!content.ok && isCurrent) this.#opened = undefined;
    return content.ok ? ok() : content;
  }

  async #take(generation: number): Promise<Result<StoreContent, StoreFailure>> {
    for (const delayMs of LOCKED_RETRIES_MS) {
      const content = await this.#deps.store.load();
      if (content.ok || content.error.kind !== 'store_locked') return content;
      await this.#wait(delayMs);
      if (generation !== this.#generation) return content;
    }
    return this.#deps.store.load();
  }

  /** Until the time is over, or the store is not wanted any more: no timer stays after `close` (SPEC K12). */
  #wait(delayMs: Millis): Promise<void> {
    return new Promise(over => {
      this.#pause = { over, timer: this.#deps.clock.after(delayMs, over) };
    });
  }

  /** The store may be the application's own: what it throws is a failure like any other. */
  async #attempt<T>(work: () => Promise<Result<T, StoreFailure>>): Promise<Result<T, Failure>> {
    const done = await settled(work);
    if (done.ok) return done;
    const { kind, message } = done.error;
    const failure = localFailure(kind, message, kind === 'store_unavailable' ? 'never' : 'backoff');
    this.#deps.failed(failure);
    return err(failure);
  }
}

async function settled<T>(work: () => Promise<Result<T, StoreFailure>>): Promise<Result<T, StoreFailure>> {
  try {
    return await work();
  } catch (reason) {
    return err({ kind: 'store_failed', message: reason instanceof Error ? reason.message : String(reason) });
  }
}
