import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertExists } from '@kittiwake/base';
import type { Browser, Page } from 'playwright-core';
import { skipWithoutChromium, startChromium } from '../../../services/gateway/test/browser/chromium.ts';
import type { PublishStore } from '../src/publish/publish-store.ts';
import { openTabs } from './browser-tabs.ts';
import { contentOf, publishStoreSuite, puts } from './publish-store-suite.ts';

const skip = skipWithoutChromium();
const endings: (() => unknown)[] = [];
let browser: Browser | undefined;

before(async () => {
  if (skip === false) browser = await startChromium({ after: end => void endings.push(end) });
});

after(async () => {
  for (const end of endings) await end();
});

/** What a tab is asked for: a method of its store, and what that takes. */
type Call = readonly [method: keyof PublishStore, argument: unknown];

/** The store of a tab, used from here. */
async function storeOf(page: Page, options: object): Promise<PublishStore> {
  await page.evaluate(async given => {
    const module = '/packages/client/src/browser/indexed-db-store.ts';
    const { indexedDbStore } = await import(module);
    Object.assign(globalThis, indexedDbStore('app', given));
  }, options);
  const ask = (...call: Call): Promise<never> =>
    page.evaluate(async ([method, argument]) => {
      const { store } = globalThis as unknown as {
        store: Record<string, (given: unknown) => Promise<never>>;
      };
      return store[method]?.(argument) as Promise<never>;
    }, call);
  return {
    load: () => ask('load', null),
    put: record => ask('put', record),
    remove: id => ask('remove', id),
    close: () => ask('close', null),
  };
}

const running = (): Browser => assertExists(browser, 'the file has started');

publishStoreSuite({
  name: 'IndexedDB',
  skip,
  place: async (t, bounds = { recordsMax: 10_000 }) => {
    const tabs = await openTabs(t, running());
    return { open: async () => storeOf(await tabs.open(), bounds), crash: () => tabs.kill() };
  },
});

test('[K14] IndexedDB: of many tabs that open at once one takes over what is left', { skip }, async t => {
  const tabs = await openTabs(t, running());
  const first = await storeOf(await tabs.open(), {});
  await contentOf(first);
  await puts(first, { a: '1', b: '2' });
  await tabs.kill();
  const pages = await Promise.all([tabs.open(), tabs.open(), tabs.open()]);
  const stores = await Promise.all(pages.map(page => storeOf(page, {})));
  const loaded = await Promise.all(stores.map(contentOf));
  assert.deepEqual(
    loaded.map(content => Object.keys(content).length).sort((one, other) => one - other),
    [0, 0, 2],
  );
});

test('[K14] IndexedDB: without Web Locks a store takes over everything', { skip }, async t => {
  const tabs = await openTabs(t, running());
  const without = async (): Promise<PublishStore> => {
    const page = await tabs.open();
    await page.evaluate(() => void Object.defineProperty(navigator, 'locks', { value: undefined }));
    return storeOf(page, {});
  };
  const first = await without();
  await contentOf(first);
  await puts(first, { a: '1' });
  assert.deepEqual(await contentOf(await without()), { a: '1' });
});

test('[K14] IndexedDB: where storage is forbidden, or deleted meanwhile, that is a value', {
  skip,
}, async t => {
  const tabs = await openTabs(t, running());
  const forbidden = await tabs.open();
  await forbidden.evaluate(() => void Object.defineProperty(globalThis, 'indexedDB', { value: undefined }));
  const none = await (await storeOf(forbidden, {})).load();
  assert.ok(!none.ok && none.error.kind === 'store_unavailable');
  const page = await tabs.open();
  const store = await storeOf(page, {});
  await contentOf(store);
  await puts(store, { a: '1' });
  await page.evaluate(
    () =>
      new Promise<void>(resolve => {
        indexedDB.deleteDatabase('kittiwake:app').onsuccess = () => resolve();
      }),
  );
  await puts(store, { b: '2' });
  await tabs.kill();
  assert.deepEqual(await contentOf(await storeOf(await tabs.open(), {})), { b: '2' });
});
