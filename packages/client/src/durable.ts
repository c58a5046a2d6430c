import type { DurableStore } from './publish/durability.ts';
import type { PublishStore } from './publish/publish-store.ts';
import { StoredPublishes } from './publish/stored-publishes.ts';

/**
 * Makes publishes outlive the client in a store of the application's own (SPEC K14); `indexedDbStore` and `fileStore` are
 * durable already.
 * @example
 * const client = createClient({ url, token, store: durable(myStore) });
 */
export function durable(store: PublishStore): DurableStore {
  return { store, attach: port => new StoredPublishes(store, port) };
}
