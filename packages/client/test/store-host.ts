import { fileStore } from '../src/node/file-store.ts';
import type { StoredRecord } from '../src/publish/publish-store.ts';

/** A process that has a file store and does what it is told over its channel: what can be killed, a test can lose. */

/** What the process is asked for. */
export type StoreCall = { readonly ref: number } & (
  | { readonly call: 'load' | 'close' }
  | { readonly call: 'put'; readonly record: StoredRecord }
  | { readonly call: 'remove'; readonly id: string }
);

/** Its answer; `value` is what the store gave. */
export type StoreAnswer = { readonly ref: number; readonly value: unknown };

const [path = '', options = '{}'] = process.argv.slice(2);
const { store } = fileStore(path, JSON.parse(options));

// Over a limit on the size of files a write fails, as on a full disk, instead of ending the process.
process.on('SIGXFSZ', () => {});
process.on('message', (asked: StoreCall) => {
  void perform(asked).then(value => process.send?.({ ref: asked.ref, value } satisfies StoreAnswer));
});

function perform(asked: StoreCall): Promise<unknown> {
  switch (asked.call) {
    case 'load':
      return store.load();
    case 'put':
      return store.put(asked.record);
    case 'remove':
      return store.remove(asked.id);
    case 'close':
      return store.close();
  }
}
