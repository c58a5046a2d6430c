import { type Bytes, type Clock, type Err, err, ok, Quota, type Result, systemClock } from '@kittiwake/base';
import type { DurableStore, PublishStore, StoreContent, StoredRecord, StoreFailure } from '@kittiwake/client';
import { durable } from '@kittiwake/client/durable';
import { type FileLock, lockFile } from './file-lock.ts';
import { type Journal, openJournal } from './journal.ts';
import { storeError } from './store-error.ts';

/** How a file store behaves. */
export type FileStoreOptions = {
  /** Default 10,000. */
  readonly recordsMax?: number;
  /** Text of all records. Default 16 MB. */
  readonly bytesMax?: Bytes;
  /**
   * `each` (default): a put has happened once the disk has it, so that it survives a power failure; puts of one turn share
   * one sync. `never`: once the operating system has it; it survives the process, not the machine.
   */
  readonly sync?: 'each' | 'never';
  /** Lines that say nothing any more before the file is written anew. Default 1,000. */
  readonly deadLinesMax?: number;
  readonly clock?: Clock;
};

/**
 * Keeps publishes in a file, for one client at a time: beside it stands `<path>.lock` while it is used. On a local
 * file system only.
 * @example
 * const client = createClient({ url, token, store: fileStore('/var/lib/meter/outbox.jsonl') });
 */
export function fileStore(path: string, options: FileStoreOptions = {}): DurableStore {
  const store = new FileStore(path, {
    recordsMax: options.recordsMax ?? 10_000,
    bytesMax: options.bytesMax ?? 16_000_000,
    sync: options.sync ?? 'each',
    deadLinesMax: options.deadLinesMax ?? 1_000,
    clock: options.clock ?? systemClock,
  });
  return durable(store);
}

type Opened = { readonly lock: FileLock; readonly journal: Journal; readonly quota: Quota };

const NOT_OPEN = err<StoreFailure>({ kind: 'store_failed', message: 'the store is not open' });
const LOCKED = err<StoreFailure>({ kind: 'store_locked', message: 'the store is open already' });

class FileStore implements PublishStore {
  readonly #path: string;
  readonly #options: Required<FileStoreOptions>;
  #phase: 'closed' | 'opening' | 'open' = 'closed';
  #opened: Opened | undefined;

  constructor(path: string, options: Required<FileStoreOptions>) {
    this.#path = path;
    this.#options = options;
  }

  async load(): Promise<Result<StoreContent, StoreFailure>> {
    if (this.#phase !== 'closed') return LOCKED;
    this.#phase = 'opening';
    const opened = await this.#open();
    this.#phase = opened.ok ? 'open' : 'closed';
    if (!opened.ok) return opened;
    this.#opened = opened.value;
    const { live, damaged } = opened.value.journal;
    return ok({ records: [...live].map(([id, { text }]) => ({ id, text })), damaged });
  }

  async put({ id, text }: StoredRecord): Promise<Result<void, StoreFailure>> {
    const opened = this.#opened;
    if (opened === undefined) return NOT_OPEN;
    if (!opened.quota.take(id, Buffer.byteLength(text))) return this.#full();
    const written = await opened.journal.write({ put: id, text });
    if (!written.ok) recount(opened, id);
    return written;
  }

  async remove(id: string): Promise<Result<void, StoreFailure>> {
    const opened = this.#opened;
    if (opened === undefined) return NOT_OPEN;
    const counted = opened.quota.delete(id);
    if (!counted && !opened.journal.live.has(id)) return ok();
    return opened.journal.write({ remove: id });
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    if (opened === undefined) return;
    this.#opened = undefined;
    await opened.journal.close();
    await opened.lock.release();
    this.#phase = 'closed';
  }

  async #open(): Promise<Result<Opened, StoreFailure>> {
    const { bytesMax, deadLinesMax, sync, clock } = this.#options;
    const lock = await lockFile(`${this.#path}.lock`, clock);
    if (!lock.ok) return lock;
    try {
      const journal = await openJournal({
        path: this.#path,
        sync: sync === 'each',
        deadLinesMax,
        deadBytesMax: bytesMax,
      });
      const quota = new Quota(this.#options);
      for (const [id, { text }] of journal.live) quota.set(id, Buffer.byteLength(text));
      return ok({ lock: lock.value, journal, quota });
    } catch (reason) {
      await lock.value.release();
      return storeError(reason);
    }
  }

  #full(): Err<StoreFailure> {
    const { recordsMax, bytesMax } = this.#options;
    return err({ kind: 'store_full', message: `${recordsMax} records and ${bytesMax} bytes at most` });
  }
}

/** A record that could not be written is as it was before. */
function recount({ journal, quota }: Opened, id: string): void {
  const live = journal.live.get(id);
  if (live === undefined) quota.delete(id);
  else quota.set(id, Buffer.byteLength(live.text));
}
