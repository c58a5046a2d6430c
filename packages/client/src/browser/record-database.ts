/** The one object store: text under the name of its client and the id of its record. */
const PUBLISHES = 'publishes';

/** A database of records. It is opened when it is first used, and again when the browser closed it meanwhile. */
export class RecordDatabase {
  readonly #name: string;
  #connection: Promise<IDBDatabase> | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** Runs `work` in one transaction, after those that were begun before; resolves once the disk has it. */
  async change(work: (store: IDBObjectStore) => void): Promise<void> {
    const database = await this.#open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(PUBLISHES, 'readwrite', { durability: 'strict' });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was aborted'));
      work(transaction.objectStore(PUBLISHES));
    });
  }

  /** Lets go of the database, once everything that was begun is done. */
  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    (await connection?.catch(() => undefined))?.close();
  }

  #open(): Promise<IDBDatabase> {
    const forget = (): void => {
      this.#connection = undefined;
    };
    this.#connection ??= openDatabase(this.#name, forget).catch((reason: unknown) => {
      forget();
      throw reason;
    });
    return this.#connection;
  }
}

/** The clients that have records. */
export async function ownersOf(database: RecordDatabase): Promise<readonly string[]> {
  let keys: IDBRequest<IDBValidKey[]> | undefined;
  await database.change(store => {
    keys = store.getAllKeys();
  });
  return [...new Set((keys?.result ?? []).map(key => String((key as [string, string])[0])))];
}

/** Gives the records of one client to another, in one transaction, and hands each to `take`. */
export async function moveRecords(
  database: RecordDatabase,
  { from, to }: { readonly from: string; readonly to: string },
  take: (id: string, text: unknown) => void,
): Promise<void> {
  const moved: (readonly [string, unknown])[] = [];
  await database.change(store => {
    // An array is greater than any text: all ids of this client, and nothing else.
    const cursor = store.openCursor(IDBKeyRange.bound([from], [from, []]));
    cursor.onsuccess = () => {
      const record = cursor.result;
      if (record === null) return;
      const [, id] = record.key as [string, string];
      moved.push([id, record.value]);
      store.put(record.value, [to, id]);
      record.delete();
      record.continue();
    };
  });
  for (const [id, text] of moved) take(id, text);
}

/** Opens the database, and makes it where it is new. Rejects where that is forbidden, as in some private windows. */
function openDatabase(name: string, closed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = globalThis.indexedDB.open(name, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(PUBLISHES);
    request.onerror = () => reject(request.error ?? new Error('the database cannot be opened'));
    request.onblocked = () => reject(new Error('another page holds an older version of the database'));
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = closed;
      // Somebody deletes the database: holding on to it would block them.
      database.onversionchange = () => {
        database.close();
        closed();
      };
      resolve(database);
    };
  });
}
