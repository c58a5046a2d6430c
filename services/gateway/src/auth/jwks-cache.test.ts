import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createFakeClock } from '@kittiwake/testkit';
import { silentLogger } from '../telemetry/logger.ts';
import { JWKS_TIMES, JwksCache } from './jwks-cache.ts';
import { readKeySet } from './key-set.ts';

const FIRST = keySet('first');
const SECOND = keySet('second');

test('[A4] the set is fetched once for many who ask at once', async context => {
  const { server, cache } = await setUp(context);
  const starting = cache.start();
  const found = await Promise.all(Array.from({ length: 50 }, () => cache.find('ES256', 'first')));
  await starting;
  assert.equal(server.requests, 1);
  assert(found.every(keys => keys.length === 1));
});

test('[A4] a flood of unknown key ids is one fetch in thirty seconds', async context => {
  const { server, cache, clock } = await setUp(context);
  await cache.start();
  await Promise.all(Array.from({ length: 500 }, (_, index) => cache.find('ES256', `flood-${index}`)));
  assert.equal(server.requests, 1);
  clock.advance(JWKS_TIMES.cooldownMs);
  await Promise.all(Array.from({ length: 500 }, (_, index) => cache.find('ES256', `flood-${index}`)));
  assert.equal(server.requests, 2);
});

test('[A4] a key that was added is found when a token first names it', async context => {
  const { server, cache, clock } = await setUp(context);
  await cache.start();
  const before = cache.generation();
  clock.advance(JWKS_TIMES.cooldownMs);
  server.answer = response => response.end(SECOND);
  assert.equal((await cache.find('ES256', 'second')).length, 1);
  assert.equal((await cache.find('ES256', 'first')).length, 0);
  assert.notEqual(cache.generation(), before);
});

test('[A4] the set is renewed in the background', async context => {
  const { server, cache, clock } = await setUp(context);
  await cache.start();
  clock.advance(JWKS_TIMES.refreshMs);
  await cache.refresh();
  assert.equal(server.requests, 2);
});

const OUTAGES: { readonly [what: string]: (response: ServerResponse) => void } = {
  'answers 500': response => void response.writeHead(500).end('no'),
  'breaks the connection': response => void response.destroy(),
  'sends a page': response => void response.end('<html>'),
  'sends an empty set': response => void response.end('{"keys":[]}'),
  'sends secrets': response => void response.end('{"keys":[{"kty":"oct","k":"AAAA","kid":"first"}]}'),
  'sends a megabyte': response => void response.end(`{"keys":["${'x'.repeat(1_000_000)}"]}`),
  'redirects elsewhere': response => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
};

for (const [what, answer] of Object.entries(OUTAGES)) {
  test(`[A4] keys stay for a day where the server ${what}`, async context => {
    const { server, cache, clock } = await setUp(context);
    await cache.start();
    server.answer = answer;
    clock.advance(JWKS_TIMES.refreshMs);
    await cache.refresh();
    assert.equal((await cache.find('ES256', 'first')).length, 1);
    clock.advance(JWKS_TIMES.staleMs - JWKS_TIMES.refreshMs);
    await cache.refresh();
    assert.equal((await cache.find('ES256', 'first')).length, 1);
    const before = cache.generation();
    clock.advance(1);
    assert.notEqual(cache.generation(), before);
    assert.equal((await cache.find('ES256', 'first')).length, 0);
  });
}

test('[A4] a server that does not answer is given up after five seconds', async context => {
  const { server, cache, clock } = await setUp(context);
  server.answer = () => {};
  const asked = server.nextRequest();
  const starting = cache.start();
  await asked;
  clock.advance(JWKS_TIMES.timeoutMs);
  await starting;
  assert.deepEqual(await cache.find('ES256', 'first'), []);
});

test('[A4] a server that is down at start is asked again soon', async context => {
  const { server, cache, clock } = await setUp(context);
  const { answer } = server;
  server.answer = response => response.destroy();
  await cache.start();
  server.answer = answer;
  clock.advance(JWKS_TIMES.firstRetryMs);
  await cache.refresh();
  assert.equal((await cache.find('ES256', undefined)).length, 1);
});

test('[A4] stop ends a fetch under way and asks no more', async context => {
  const { server, cache, clock } = await setUp(context);
  server.answer = () => {};
  const asked = server.nextRequest();
  const starting = cache.start();
  await asked;
  await cache.stop();
  await starting;
  clock.advance(JWKS_TIMES.refreshMs * 10);
  assert.deepEqual(await cache.find('ES256', 'first'), []);
  assert.equal(server.requests, 1);
});

test('[A1] a key is pinned by its type, not by what it says', async () => {
  const lying = JSON.parse(FIRST);
  lying.keys[0].alg = 'HS256';
  assert.equal((await readKeySet(JSON.stringify(lying), ['ES256'])).ok, false);
  assert.equal((await readKeySet(FIRST, ['RS256', 'EdDSA'])).ok, false);
});

type FakeServer = {
  requests: number;
  answer: (response: ServerResponse) => void;
  nextRequest(): Promise<unknown>;
};

async function setUp(context: TestContext) {
  const http = createServer();
  const server: FakeServer = {
    requests: 0,
    answer: response => void response.end(FIRST),
    nextRequest: () => once(http, 'request'),
  };
  http.on('request', (_request, response) => {
    server.requests += 1;
    server.answer(response);
  });
  await once(http.listen(0, '127.0.0.1'), 'listening');
  const clock = createFakeClock();
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/keys`;
  const cache = new JwksCache({ jwks: { url, algorithms: ['ES256'] }, clock, logger: silentLogger });
  context.after(async () => {
    await cache.stop();
    http.closeAllConnections();
    http.close();
  });
  return { server, cache, clock };
}

function keySet(kid: string): string {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid }] });
}
