import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { killChild } from '@kittiwake/testkit';
import { fileStore } from '../src/node/file-store.ts';
import type { PublishStore } from '../src/publish/publish-store.ts';
import { contentOf, publishStoreSuite, puts } from './publish-store-suite.ts';
import type { StoreAnswer, StoreCall } from './store-host.ts';

const HOST = join(import.meta.dirname, 'store-host.ts');

type Ask = StoreCall extends infer Call ? (Call extends unknown ? Omit<Call, 'ref'> : never) : never;

/** `blocksMax`: no file of the process grows beyond so many kilobytes. */
type HostOptions = { readonly blocksMax?: number; readonly recordsMax?: number };

/** A folder that goes with the test. */
async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'kittiwake-store-'));
  t.after(() => rm(path, { recursive: true }));
  return path;
}

/** A process that has a store over `path`, and ends with the test. */
function host(t: TestContext, path: string, { blocksMax, ...options }: HostOptions = {}): ChildProcess {
  const command = [process.execPath, HOST, path, JSON.stringify(options)];
  const limited = `ulimit -f ${blocksMax ?? 'unlimited'} && exec "$0" "$@"`;
  const child = spawn('bash', ['-c', limited, ...command], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  child.setMaxListeners(100);
  t.after(() => killChild(child));
  return child;
}

/** A store in a process of its own. */
function hosted(child: ChildProcess): PublishStore {
  let last = 0;
  const ask = (asked: Ask): Promise<never> => {
    last += 1;
    const ref = last;
    child.send({ ...asked, ref } as StoreCall);
    return new Promise(resolve => {
      const listen = (answer: StoreAnswer): void => {
        if (answer.ref !== ref) return;
        child.off('message', listen);
        resolve(answer.value as never);
      };
      child.on('message', listen);
    });
  };
  return {
    load: () => ask({ call: 'load' }),
    put: record => ask({ call: 'put', record }),
    remove: id => ask({ call: 'remove', id }),
    close: () => ask({ call: 'close' }),
  };
}

publishStoreSuite({
  name: 'file',
  place: async (t, bounds = { recordsMax: 10_000 }) => {
    const path = join(await folder(t), 'outbox.jsonl');
    const children: ChildProcess[] = [];
    const crash = async (): Promise<void> => {
      await Promise.all(children.splice(0).map(killChild));
    };
    const open = async (): Promise<PublishStore> => {
      const child = host(t, path, bounds);
      children.push(child);
      return hosted(child);
    };
    return { open, crash };
  },
});

test('[K14] file: a stopped process still has its store', async t => {
  const path = join(await folder(t), 'outbox.jsonl');
  const child = host(t, path);
  await contentOf(hosted(child));
  child.kill('SIGSTOP');
  const other = await fileStore(path).store.load();
  assert.ok(!other.ok && other.error.kind === 'store_locked');
  await killChild(child);
  const { store } = fileStore(path);
  assert.deepEqual(await contentOf(store), {});
  await store.close();
});

test('[K14] file: of many that see a dead holder one takes the store', async t => {
  const path = join(await folder(t), 'outbox.jsonl');
  const child = host(t, path);
  const first = hosted(child);
  await contentOf(first);
  await puts(first, { a: '1' });
  await killChild(child);
  const stores = Array.from({ length: 8 }, () => fileStore(path).store);
  const loaded = await Promise.all(stores.map(store => store.load()));
  assert.equal(loaded.filter(({ ok }) => ok).length, 1);
  await Promise.all(stores.map(store => store.close()));
});

test('[K14] file: a full disk is a value, leaves no half line, and what was kept before is there', async t => {
  const path = join(await folder(t), 'outbox.jsonl');
  const child = host(t, path, { blocksMax: 4 });
  const store = hosted(child);
  await contentOf(store);
  const kept: { [id: string]: string } = {};
  const text = 'x'.repeat(900);
  for (const id of ['a', 'b', 'c', 'd']) {
    await puts(store, { [id]: text });
    kept[id] = text;
  }
  const full = await store.put({ id: 'e', text });
  assert.ok(!full.ok && full.error.kind === 'store_full', JSON.stringify(full));
  await puts(store, { f: 'small' });
  await killChild(child);
  const { store: next } = fileStore(path);
  assert.deepEqual(await contentOf(next), { ...kept, f: 'small' });
  await next.close();
});

test('[K14] file: a place that cannot be written is unavailable, and a path that is too long for a lock', async t => {
  const missing = await fileStore(join(await folder(t), 'nowhere', 'outbox.jsonl')).store.load();
  assert.ok(!missing.ok && missing.error.kind === 'store_unavailable', JSON.stringify(missing));
  const long = await fileStore(join(await folder(t), 'x'.repeat(200))).store.load();
  assert.ok(!long.ok && long.error.kind === 'store_unavailable');
});
