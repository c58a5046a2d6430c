import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { until } from '@kittiwake/testkit';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { SourceModules } from '../../../services/gateway/src/dev/source-modules.ts';

/** A page of a secure origin whose modules are the sources of this tree; nothing listens there. */
const ORIGIN = 'http://localhost';
const PAGE = `<!doctype html><title>SDK</title><script type="importmap">${JSON.stringify({
  imports: Object.fromEntries(
    ['base', 'protocol', 'client'].map(name => [`@kittiwake/${name}`, `/packages/${name}/src/index.ts`]),
  ),
})}</script>`;

/** Tabs of one profile: they share storage and locks. */
export class BrowserTabs {
  readonly #context: BrowserContext;

  constructor(context: BrowserContext) {
    this.#context = context;
  }

  /** Another tab. */
  async open(): Promise<Page> {
    const page = await this.#context.newPage();
    await page.goto(ORIGIN);
    return page;
  }

  /** Ends every tab without a word, and waits until the browser has taken their locks. */
  async kill(): Promise<void> {
    const watcher = await this.open();
    const others = this.#context.pages().filter(page => page !== watcher);
    await Promise.all(others.map(page => page.close()));
    const held = (): Promise<number> =>
      watcher.evaluate(async () => (await navigator.locks.query()).held?.length ?? 0);
    await until(async () => (await held()) === 0, { what: 'the locks of closed tabs are free' });
    await watcher.close();
  }
}

/** A new profile, which goes with the test. */
export async function openTabs(t: TestContext, browser: Browser): Promise<BrowserTabs> {
  // A page that came from no server counts as one of the open internet, which may not reach gateways of this machine.
  const context = await browser.newContext({ permissions: ['local-network-access'] });
  t.after(() => context.close());
  const modules = new SourceModules(join(import.meta.dirname, '../../..'));
  await context.route(`${ORIGIN}/**`, async route => {
    const path = new URL(route.request().url()).pathname.slice(1);
    const code = path === '' ? PAGE : await modules.read(path);
    if (code === undefined) await route.fulfill({ status: 404 });
    else await route.fulfill({ body: code, contentType: path === '' ? 'text/html' : 'text/javascript' });
  });
  return new BrowserTabs(context);
}
