import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { PublishStore } from '../src/publish/publish-store.ts';

/** What a kind of store is over: a file, a database. */
export type StorePlace = {
  /** A store of its own over this place, for another client. */
  open(): Promise<PublishStore>;
  /** Ends whoever uses the place without a word, as a process that dies. */
  crash(): Promise<void>;
};

/** How to make a place for stores of one kind. */
export type StoreKind = {
  readonly name: string;
  readonly skip?: false | string;
  place(t: TestContext, bounds?: { readonly recordsMax: number }): Promise<StorePlace>;
};

/** What every store keeps to (SPEC K14); run for each kind. */
export function publishStoreSuite({ name, place, skip = false }: StoreKind): void {
  test(`[K14] ${name}: what was put is there for the next client, what was removed is not`, {
    skip,
  }, async t => {
    const disk = await place(t);
    const first = await disk.open();
    assert.deepEqual(await contentOf(first), {});
    await puts(first, { a: '1', b: '2', c: '3' });
    assert.deepEqual(await first.remove('b'), { ok: true, value: undefined });
    await puts(first, { a: 'one' });
    await first.close();
    assert.deepEqual(await contentOf(await disk.open()), { a: 'one', c: '3' });
  });

  test(`[K14] ${name}: a process that dies leaves what was put, and lets go of the store`, {
    skip,
  }, async t => {
    const disk = await place(t);
    const first = await disk.open();
    await contentOf(first);
    await puts(first, { a: '1', b: 'two\nlines "and" \u2028 more' });
    await disk.crash();
    assert.deepEqual(await contentOf(await disk.open()), { a: '1', b: 'two\nlines "and" \u2028 more' });
  });

  test(`[K14] ${name}: what a live client keeps is not given to another`, { skip }, async t => {
    const disk = await place(t);
    const first = await disk.open();
    await contentOf(first);
    await puts(first, { a: '1' });
    const second = await disk.open();
    const loaded = await second.load();
    if (loaded.ok) assert.deepEqual(loaded.value.records, []);
    else assert.equal(loaded.error.kind, 'store_locked');
    await second.close();
    await puts(first, { b: '2' });
    await first.close();
    assert.deepEqual(await contentOf(await disk.open()), { a: '1', b: '2' });
  });

  test(`[K14] ${name}: removing what is not there is no failure, closing twice is harmless`, {
    skip,
  }, async t => {
    const store = await (await place(t)).open();
    await contentOf(store);
    assert.equal((await store.remove('nothing')).ok, true);
    await store.close();
    await store.close();
  });

  test(`[K14] ${name}: a store that is not open says so, and can be opened again`, { skip }, async t => {
    const store = await (await place(t)).open();
    const early = await store.put({ id: 'a', text: '1' });
    assert.ok(!early.ok && early.error.kind === 'store_failed');
    await contentOf(store);
    await puts(store, { a: '1' });
    await store.close();
    assert.equal((await store.put({ id: 'b', text: '2' })).ok, false);
    assert.deepEqual(await contentOf(store), { a: '1' });
  });

  test(`[K14] ${name}: is bounded, and has room again after a removal`, { skip }, async t => {
    const store = await (await place(t, { recordsMax: 2 })).open();
    await contentOf(store);
    await puts(store, { a: '1', b: '2' });
    const full = await store.put({ id: 'c', text: '3' });
    assert.ok(!full.ok && full.error.kind === 'store_full');
    await puts(store, { b: 'two' });
    await store.remove('a');
    await puts(store, { c: '3' });
  });

  test(`[K14] ${name}: calls are carried out in their order`, { skip }, async t => {
    const disk = await place(t);
    const store = await disk.open();
    await contentOf(store);
    await Promise.all([
      ...Array.from({ length: 50 }, (_, index) => store.put({ id: 'a', text: String(index) })),
      store.put({ id: 'b', text: '1' }),
      store.remove('b'),
      store.put({ id: 'c', text: '1' }),
      store.remove('c'),
      store.put({ id: 'c', text: '2' }),
    ]);
    await disk.crash();
    assert.deepEqual(await contentOf(await disk.open()), { a: '49', c: '2' });
  });
}

/** Opens the store, and gives what is in it. */
export async function contentOf(store: PublishStore): Promise<{ readonly [id: string]: string }> {
  const loaded = await store.load();
  assert.ok(loaded.ok, loaded.ok ? '' : loaded.error.message);
  assert.equal(loaded.value.damaged, 0);
  return Object.fromEntries(loaded.value.records.map(({ id, text }) => [id, text]));
}

/** Puts each text under its id. */
export async function puts(store: PublishStore, records: { readonly [id: string]: string }): Promise<void> {
  for (const [id, text] of Object.entries(records))
    assert.deepEqual(await store.put({ id, text }), { ok: true, value: undefined });
}
