import {
  type Bytes,
  type Err,
  err,
  ok,
  Quota,
  type Random,
  type Result,
  systemRandom,
} from '@kittiwake/base';
import { utf8Length } from '@kittiwake/protocol';
import { durable } from '../durable.ts';
import type { DurableStore } from '../publish/durability.ts';
import type { PublishStore, StoreContent, StoredRecord, StoreFailure } from '../publish/publish-store.ts';
import { holdLock, ifUnheld } from './owner-locks.ts';
import { moveRecords, ownersOf, RecordDatabase } from './record-database.ts';

/** How an IndexedDB store behaves. */
export type IndexedDbStoreOptions = {
  /** Records of one client. Default 10,000. */
  readonly recordsMax?: number;
  /** Text of all of them. Default 16 MB; the browser's own quota may be smaller. */
  readonly bytesMax?: Bytes;
  readonly random?: Random;
};

/**
 * Keeps publishes in the browser's IndexedDB. Several tabs may use the same name: each keeps its own publishes, and
 * takes over those of tabs that are gone, one tab at a time. Who is gone is known by Web Locks; without them every client
 * takes over what is there when it opens, so that two tabs may send the same publish, which its key makes one.
 * @example
 * const client = createClient({ url, token, store: indexedDbStore('chat') });
 */
export function indexedDbStore(name: string, options: IndexedDbStoreOptions = {}): DurableStore {
  const { recordsMax = 10_000, bytesMax = 16_000_000, random = systemRandom } = options;
  return durable(new IndexedDbStore(`kittiwake:${name}`, { recordsMax, bytesMax, random }));
}

/** What belongs to the client that has the store open: its records bear its name. */
type Opened = { readonly owner: string; readonly quota: Quota; readonly release: () => void };

const NOT_OPEN = err<StoreFailure>({ kind: 'store_failed', message: 'the store is not open' });
const LOCKED = err<StoreFailure>({ kind: 'store_locked', message: 'the store is open already' });

class IndexedDbStore implements PublishStore {
  readonly #name: string;
  readonly #options: Required<IndexedDbStoreOptions>;
  readonly #database: RecordDatabase;
  #phase: 'closed' | 'opening' | 'open' = 'closed';
  #opened: Opened | undefined;

  constructor(name: string, options: Required<IndexedDbStoreOptions>) {
    this.#name = name;
    this.#options = options;
    this.#database = new RecordDatabase(name);
  }

  async load(): Promise<Result<StoreContent, StoreFailure>> {
    if (this.#phase !== 'closed') return LOCKED;
    this.#phase = 'opening';
    try {
      const owner = this.#options.random.hex(8);
      this.#opened = { owner, quota: new Quota(this.#options), release: await holdLock(this.#lockOf(owner)) };
      const content = await this.#takeOver(this.#opened);
      this.#phase = 'open';
      return ok(content);
    } catch (reason) {
      await this.close();
      return storageError(reason, 'store_unavailable');
    }
  }

  async put({ id, text }: StoredRecord): Promise<Result<void, StoreFailure>> {
    if (this.#opened === undefined) return NOT_OPEN;
    const { owner, quota } = this.#opened;
    const { recordsMax, bytesMax } = this.#options;
    if (!quota.take(id, utf8Length(text)))
      return err({ kind: 'store_full', message: `${recordsMax} records and ${bytesMax} bytes at most` });
    const written = await this.#change(store => void store.put(text, [owner, id]));
    if (!written.ok) quota.delete(id);
    return written;
  }

  async remove(id: string): Promise<Result<void, StoreFailure>> {
    if (this.#opened === undefined) return NOT_OPEN;
    const { owner, quota } = this.#opened;
    quota.delete(id);
    return this.#change(store => void store.delete([owner, id]));
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    this.#phase = 'closed';
    // What was begun is carried out all the same, and before anything that another client begins afterwards.
    await this.#database.close();
    opened?.release();
  }

  async #change(work: (store: IDBObjectStore) => void): Promise<Result<void, StoreFailure>> {
    try {
      await this.#database.change(work);
      return ok();
    } catch (reason) {
      return storageError(reason, 'store_failed');
    }
  }

  /** Takes what belongs to clients that are gone. */
  async #takeOver({ owner, quota }: Opened): Promise<StoreContent> {
    const records: StoredRecord[] = [];
    let damaged = 0;
    const take = (id: string, text: unknown): void => {
      if (typeof text !== 'string') damaged += 1;
      else {
        records.push({ id, text });
        quota.set(id, utf8Length(text));
      }
    };
    for (const gone of await ownersOf(this.#database)) {
      await ifUnheld(this.#lockOf(gone), () => moveRecords(this.#database, { from: gone, to: owner }, take));
    }
    return { records, damaged };
  }

  #lockOf(owner: string): string {
    return `${this.#name}:${owner}`;
  }
}

/** The failure that an exception of the browser is; `otherwise` where it is not its quota. */
function storageError(reason: unknown, otherwise: StoreFailure['kind']): Err<StoreFailure> {
  const { name, message } = reason instanceof Error ? reason : { name: '', message: String(reason) };
  return err({ kind: name === 'QuotaExceededError' ? 'store_full' : otherwise, message });
}
