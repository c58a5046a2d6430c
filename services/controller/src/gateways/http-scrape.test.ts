import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import { listen } from '../../test/fake-gateway.ts';
import { createHttpScrape } from './http-scrape.ts';

const METRIC = 'kittiwake_connections_active';

async function scrapeOf(context: TestContext, listener: RequestListener) {
  const port = await listen(context, listener);
  const limits = { timeoutMs: 200, bytesMax: 1_000 };
  const result = await createHttpScrape(systemClock, port, { metric: METRIC, limits })('127.0.0.1');
  return result.ok ? result.value : result.error.kind;
}

test('[R11] reads the metric of a gateway', async context => {
  assert.equal(await scrapeOf(context, (_, response) => response.end(`${METRIC} 12\n`)), 12);
});

test('[R11] a gateway that does not answer in time', async context => {
  assert.equal(await scrapeOf(context, () => {}), 'timeout');
});

test('[R11] a gateway that never stops sending', async context => {
  assert.equal(await scrapeOf(context, (_, response) => response.end('x'.repeat(1_001))), 'too_large');
});

test('[R11] a gateway that answers with an error', async context => {
  assert.equal(await scrapeOf(context, (_, response) => response.writeHead(500).end()), 'status');
});

test('[R11] a gateway that hangs up', async context => {
  assert.equal(await scrapeOf(context, request => request.socket.destroy()), 'unreachable');
});

test('[R11] a page without the metric', async context => {
  assert.equal(await scrapeOf(context, (_, response) => response.end('hello\n')), 'absent');
});
