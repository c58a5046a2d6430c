import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { assertExists } from '@kittiwake/base';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type StartedDev, startDev } from '../support/started-dev.ts';
import { openTab, skipWithoutChromium, startChromium, type Tab } from './chromium.ts';

const INJECTION = '<img src="nowhere" onerror="alert(1)">';
const skip = skipWithoutChromium();
let world: { readonly dev: StartedDev; readonly browser: Browser } | undefined;
let rooms = 0;

const endings: (() => unknown)[] = [];

before(async () => {
  if (skip !== false) return;
  const ending = { after: (end: () => unknown) => void endings.unshift(end) };
  const dev = await startDev(ending, ['--port', '0', '--gateways', '2']);
  world = { dev, browser: await startChromium(ending) };
});

after(async () => {
  for (const end of endings) await end();
});

test('[V6] two tabs on two gateways chat, see each other and what the other types', { skip }, async t => {
  const { alice, bob } = await twoTabs(t);
  await sees(alice, '.hint', 'Nobody has said anything yet');
  await sees(alice, '#people', /Alice.*you · gateway-0.*Bob.*gateway-1/);
  await say(alice, 'Is anybody there?');
  await sees(bob, '#messages', /Alice.*Is anybody there\?/);
  await say(bob, 'Yes, on the other gateway.');
  await sees(alice, '#messages', /Is anybody there\?.*Bob.*Yes, on the other gateway\./);
  assert.equal(await alice.page.isVisible('.hint'), false);
  await bob.page.locator('#text').pressSequentially('I am wri');
  await sees(alice, '#typing', 'Bob is typing…');
  await sees(alice, '#typing', /^$/);
  assert.deepEqual([...alice.errors, ...bob.errors], []);
});

test('[V6] markup in a message and in a name is shown as text', { skip }, async t => {
  const { alice, bob } = await twoTabs(t);
  await alice.page.fill('#name', '<b>Alice</b>');
  await sees(bob, '#people', '<b>Alice</b>');
  await say(alice, INJECTION);
  await sees(bob, '#messages', INJECTION);
  assert.equal(await bob.page.locator('#messages img, #people b').count(), 0);
  assert.deepEqual([...alice.errors, ...bob.errors], []);
});

test('[V6, K10] what was published during a cut is replayed, without a gap', { skip }, async t => {
  const { alice, bob } = await twoTabs(t);
  await say(bob, 'before');
  await sees(alice, '#messages', 'before');
  await alice.page.click('#cut');
  await alice.page.waitForSelector('#status[data-phase=reconnecting]');
  assert.equal(await alice.page.isDisabled('#cut'), true);
  for (const text of ['meanwhile 1', 'meanwhile 2', 'meanwhile 3']) await say(bob, text);
  await say(alice, 'written offline');
  await sees(alice, '#events', 'resumed: recovered, 3 publications replayed');
  await sees(alice, '#messages', /before.*meanwhile 1.*meanwhile 2.*meanwhile 3.*written offline/);
  await sees(bob, '#messages', 'written offline');
  assert.equal(await alice.page.textContent('#gaps'), '0');
  assert.equal(await alice.page.locator('#messages .message', { hasText: 'meanwhile 2' }).count(), 1);
  assert.equal(
    await alice.page.locator('#messages .message.mine', { hasText: 'written offline' }).count(),
    1,
  );
  assert.deepEqual([...alice.errors, ...bob.errors], []);
});

test('[V6] changing the gateway goes on from the same position', { skip }, async t => {
  const { alice, bob } = await twoTabs(t);
  await say(alice, 'from the first');
  await sees(bob, '#messages', 'from the first');
  await alice.page.selectOption('#gateway', 'gateway-1');
  await sees(alice, '#status', 'connected to gateway-1');
  await say(bob, 'welcome');
  await sees(alice, '#messages', /from the first.*welcome/);
  assert.equal(await alice.page.textContent('#gaps'), '0');
  assert.equal(await alice.page.locator('#messages .message').count(), 2);
});

test('[V6] latency is told in numbers and drawn', { skip }, async t => {
  const { alice } = await twoTabs(t);
  await say(alice, 'measured');
  for (const id of ['rtt-now', 'rtt-p50', 'rtt-p95', 'rtt-deliver'])
    await sees(alice, `#${id}`, /^[\d.]+ ms$/);
  assert.ok((await inkedPixels(alice.page)) > 20);
});

for (const [name, width, height] of [
  ['desktop', 1_280, 800],
  ['phone', 390, 844],
] as const) {
  test(`[V6] the page fits a ${name}`, { skip }, async t => {
    const { alice, bob } = await twoTabs(t, { viewport: { width, height } });
    await pictures(alice.page, `${name}-empty`);
    await say(alice, 'Is anybody there, on a gateway that is not this one?');
    await say(bob, INJECTION);
    await sees(alice, '#messages', INJECTION);
    assert.equal(await alice.page.evaluate('document.documentElement.scrollWidth'), width);
    await pictures(alice.page, name);
  });
}

/** Alice and Bob in a room of their own, each on another gateway. */
async function twoTabs(
  t: TestContext,
  options: BrowserContextOptions = {},
): Promise<{ readonly alice: Tab; readonly bob: Tab }> {
  const { dev, browser } = assertExists(world, 'the file has started');
  rooms += 1;
  const open = async (name: string, gateway: string): Promise<Tab> => {
    const query = new URLSearchParams({ user: name.toLowerCase(), name, gateway, channel: `chat:${rooms}` });
    const tab = await openTab(browser, `http://localhost:${dev.ports[0]}/?${query}`, options);
    t.after(() => tab.page.context().close());
    return tab;
  };
  const alice = await open('Alice', 'gateway-0');
  const bob = await open('Bob', 'gateway-1');
  await sees(alice, '#people-count', '2');
  return { alice, bob };
}

async function say({ page }: Tab, text: string): Promise<void> {
  await page.fill('#text', text);
  await page.press('#text', 'Enter');
}

/** Waits until the element shows the text. */
async function sees({ page }: Tab, selector: string, expected: string | RegExp): Promise<void> {
  const found = page.locator(selector).filter({ hasText: expected });
  await found.waitFor({ state: 'attached' }).catch(async () => {
    assert.fail(`${selector} shows ${await page.textContent(selector)}, not ${expected}`);
  });
}

/** Pixels of the chart that are not empty. */
function inkedPixels(page: Page): Promise<number> {
  return page.evaluate(`(() => {
    const canvas = document.getElementById('latency');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, index) => index % 4 === 3 && value > 0).length;
  })()`);
}

async function pictures(page: Page, name: string): Promise<void> {
  const folder = process.env['KITTIWAKE_SCREENSHOTS'];
  if (folder === undefined) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png`, fullPage: true });
  }
}
