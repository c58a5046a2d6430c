import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { Ending } from '../support/started-dev.ts';

const EXECUTABLES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const CONNECT_MS = 10_000;

/** The `skip` option of a test that needs a browser: false, or the line that says why it is skipped. */
export function skipWithoutChromium(): false | string {
  return EXECUTABLES.some(file => existsSync(file)) ? false : 'chromium is not installed';
}

/** Starts the installed Chromium. */
export async function startChromium(t: Ending): Promise<Browser> {
  const executablePath = EXECUTABLES.find(file => existsSync(file)) ?? '';
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  t.after(() => browser.close());
  return browser;
}

/** A tab, and the errors that it told. */
export type Tab = { readonly page: Page; readonly errors: readonly string[] };

/** Opens `url` in a profile of its own, and waits until the chat is connected. */
export async function openTab(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Tab> {
  const page = await (await browser.newContext(options)).newPage();
  const errors: string[] = [];
  page.on('pageerror', error => void errors.push(String(error)));
  page.on('dialog', dialog => void errors.push(`dialog: ${dialog.message()}`));
  page.on('console', message => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(url);
  await page.waitForSelector('#status[data-phase=connected]', { timeout: CONNECT_MS }).catch(async () => {
    throw new Error(`not connected: ${await page.textContent('#status')} ${errors.join('\n')}`);
  });
  return { page, errors };
}
