import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertExists } from '@kittiwake/base';
import { until } from '@kittiwake/testkit';
import type { Browser, Page } from 'playwright-core';
import { skipWithoutChromium, startChromium } from '../../../services/gateway/test/browser/chromium.ts';
import type { Client } from '../src/client.ts';
import { openTabs } from './browser-tabs.ts';
import { type Chat, type RealGateways, startRealGateways } from './real-gateways.ts';

/** The SDK in a real browser, with its own IndexedDB, against a real gateway. */

const skip = skipWithoutChromium();
const endings: (() => unknown)[] = [];
let world: { readonly browser: Browser; readonly gateways: RealGateways } | undefined;

before(async () => {
  if (skip !== false) return;
  const browser = await startChromium({ after: end => void endings.push(end) });
  const gateways = await startRealGateways(1);
  endings.push(() => gateways.stop());
  world = { browser, gateways };
});

after(async () => {
  for (const end of endings) await end();
});

/** A page's client, kept as `client` in the page. */
function startClient(page: Page, url: string, token: string): Promise<void> {
  return page.evaluate(
    async given => {
      const folder = '/packages/client/src/';
      const [{ createClient }, { indexedDbStore }] = await Promise.all([
        import(`${folder}index.ts`),
        import(`${folder}browser/indexed-db-store.ts`),
      ]);
      const client = createClient({ ...given, store: indexedDbStore('app') });
      const settled: string[] = [];
      client.on('settled', ({ data, outcome }: { data: { text: string }; outcome: { outcome: string } }) =>
        settled.push(`${data.text} ${outcome.outcome}`),
      );
      client.connect();
      Object.assign(globalThis, { client, settled });
    },
    { url, token },
  );
}

/** How many publishes the database of the store holds. */
function countRecords(page: Page): Promise<number> {
  return page.evaluate(async () => {
    // To open it before the store does would make one without a place for publishes.
    const known = await indexedDB.databases();
    if (!known.some(({ name }) => name === 'kittiwake:app')) return 0;
    return new Promise<number>(resolve => {
      const opening = indexedDB.open('kittiwake:app', 1);
      opening.onsuccess = () => {
        const database = opening.result;
        const counting = database.transaction('publishes').objectStore('publishes').count();
        counting.onsuccess = () => resolve(counting.result);
        database.close();
      };
    });
  });
}

test('[K14] what was written in a tab that had no gateway, and was closed, is sent by the next one', {
  skip,
}, async t => {
  const { browser, gateways } = assertExists(world, 'the file has started');
  const tabs = await openTabs(t, browser);
  const token = await gateways.token('ada');
  const first = await tabs.open();
  await startClient(first, 'ws://localhost:1/', token);
  await first.evaluate(() => {
    const { client } = globalThis as unknown as { client: Client<Chat> };
    for (const text of ['one', 'two'])
      void client.channel('chat:tabs').publish('chat:message:send', { text });
  });
  await until(async () => (await countRecords(first)) === 2, { what: 'both are in the store' });
  await tabs.kill();
  const second = await tabs.open();
  await startClient(second, assertExists(gateways.urls[0], 'a gateway'), token);
  await second.waitForFunction(() => (globalThis as unknown as { settled: string[] }).settled.length === 2);
  const settled = await second.evaluate(() => (globalThis as unknown as { settled: string[] }).settled);
  assert.deepEqual(settled, ['one acked', 'two acked']);
  const reader = await gateways.connect('bob', 0);
  const history = await reader.channel('chat:tabs').history();
  assert.ok(history.ok);
  assert.deepEqual(
    history.value.publications.map(({ data }) => data.text),
    ['one', 'two'],
  );
});
