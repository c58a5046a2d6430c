import { type Err, err, ok, type Result } from '@kittiwake/base';
import type { PublishStore, StoreContent, StoredRecord, StoreFailure } from '../src/publish/publish-store.ts';

/** A disk in memory: it outlives the clients that use it, as a file does. */
export class MemoryDisk {
  readonly records = new Map<string, string>();
  /** What puts and removals come to instead of their work. */
  fails: StoreFailure | undefined;
  /** The store that a client has taken. */
  owner: PublishStore | undefined;
  readonly recordsMax: number;
  /** Counts crashes: a process that is gone hears nothing more of its store. */
  crashes = 0;
  #waiting: (() => void)[] | undefined;

  constructor(recordsMax = 10_000) {
    this.recordsMax = recordsMax;
  }

  /** A store over this disk, for one client at a time. */
  store(): PublishStore {
    return new MemoryStore(this);
  }

  /** The process that has the store is gone: what it had not finished never reaches the disk. */
  crash(): void {
    this.crashes += 1;
    this.owner = undefined;
    this.#waiting = undefined;
  }

  /** From now on nothing reaches the disk before `release`. */
  hold(): void {
    this.#waiting ??= [];
  }

  release(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const proceed of waiting) proceed();
  }

  /** The disk's turn. */
  reach(): Promise<void> {
    return new Promise(resolve => {
      if (this.#waiting === undefined) resolve();
      else this.#waiting.push(resolve);
    });
  }
}

class MemoryStore implements PublishStore {
  readonly #disk: MemoryDisk;
  readonly #life: number;

  constructor(disk: MemoryDisk) {
    this.#disk = disk;
    this.#life = disk.crashes;
  }

  async load(): Promise<Result<StoreContent, StoreFailure>> {
    await this.#disk.reach();
    if (this.#isGone) return NEVER;
    if (this.#disk.owner !== undefined) return failed('store_locked');
    this.#disk.owner = this;
    return ok({ records: [...this.#disk.records].map(([id, text]) => ({ id, text })), damaged: 0 });
  }

  put({ id, text }: StoredRecord): Promise<Result<void, StoreFailure>> {
    return this.#change(({ records, recordsMax }) => {
      if (records.size >= recordsMax && !records.has(id)) return failed('store_full');
      records.set(id, text);
      return ok();
    });
  }

  remove(id: string): Promise<Result<void, StoreFailure>> {
    return this.#change(({ records }) => {
      records.delete(id);
      return ok();
    });
  }

  async close(): Promise<void> {
    await this.#disk.reach();
    if (this.#isGone) return NEVER;
    if (this.#disk.owner === this) this.#disk.owner = undefined;
  }

  /** Looked at in the moment of the deed: a process may go at any await. */
  get #isGone(): boolean {
    return this.#disk.crashes !== this.#life;
  }

  async #change(work: (disk: MemoryDisk) => Result<void, StoreFailure>): Promise<Result<void, StoreFailure>> {
    await this.#disk.reach();
    if (this.#isGone) return NEVER;
    if (this.#disk.owner !== this) return failed('store_failed');
    return this.#disk.fails === undefined ? work(this.#disk) : err(this.#disk.fails);
  }
}

/** What a process that is gone hears. */
const NEVER = new Promise<never>(() => {});

function failed(kind: StoreFailure['kind']): Err<StoreFailure> {
  return err({ kind, message: `the disk in memory says ${kind}` });
}
