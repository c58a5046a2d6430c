import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock, systemRandom } from '@kittiwake/base';
import { decodeJwt } from 'jose';
import { DevRoutes } from './dev-routes.ts';
import { SourceModules } from './source-modules.ts';
import { TokenIssuer } from './token-issuer.ts';

test('[V4] serves the page, its files and the icon', async t => {
  const { get } = await serve(t);
  for (const [path, type] of [
    ['/', 'text/html; charset=utf-8'],
    ['/?user=alice', 'text/html; charset=utf-8'],
    ['/main.js', 'text/javascript; charset=utf-8'],
    ['/style.css', 'text/css; charset=utf-8'],
    ['/icon.svg', 'image/svg+xml'],
    ['/favicon.ico', 'image/svg+xml'],
    ['/modules/packages/client/src/index.ts', 'text/javascript; charset=utf-8'],
  ] as const) {
    const response = await get(path);
    assert.deepEqual([response.status, response.headers.get('content-type')], [200, type], path);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  }
});

test('[V4] answers HEAD without a body', async t => {
  const { get } = await serve(t);
  const response = await get('/', { method: 'HEAD' });
  assert.deepEqual([response.status, await response.text()], [200, '']);
});

for (const [path, status] of [
  ['/../dev-routes.ts', 418],
  ['/../../../../package.json', 418],
  ['/..%2fdev-routes.ts', 418],
  ['/page/main.js', 418],
  ['/nothing.js', 404],
  ['/modules/', 404],
  ['/modules/../../../package.json', 404],
  ['/modules/packages/client/src/../package.json', 404],
  ['/modules/packages/client/src/%2e%2e/package.json', 404],
  ['/modules//etc/passwd', 404],
  ['//', 418],
  ['//[', 418],
  ['http://[/', 418],
  ['*', 418],
] as const) {
  test(`[V4, V5] GET ${path} is ${status}`, async t => {
    const { raw } = await serve(t);
    const answer = await raw(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
  });
}

test('[V3] gives anyone a token', async t => {
  const { post } = await serve(t);
  const response = await post('{"user":"alice","grants":{"join":["chat:*"]}}');
  assert.equal(response.status, 200);
  const claims = decodeJwt((await response.json()).token);
  assert.deepEqual([claims.sub, claims['kw']], ['alice', { join: ['chat:*'] }]);
});

test('[V5] a token is asked for by POST', async t => {
  const { get } = await serve(t);
  assert.equal((await get('/dev/token')).status, 405);
});

for (const body of ['', 'alice', '{"user":', '[]', '{"user":""}', '"\ud800"']) {
  test(`[V5] ${JSON.stringify(body)} is no token request`, async t => {
    const { post } = await serve(t);
    const response = await post(body);
    assert.equal(response.status, 400);
    assert.equal(typeof (await response.json()).error, 'string');
  });
}

test('[V5] a body that is too large is answered, not cut off', async t => {
  const { post } = await serve(t);
  const response = await post(JSON.stringify({ user: 'a'.repeat(1_000_000) }));
  assert.equal(response.status, 400);
  assert.match((await response.json()).error, /may have 8192 bytes/);
});

test('[V5] a body that breaks off is nobody else’s problem', async t => {
  const { raw, post, failures } = await serve(t);
  await raw('POST /dev/token HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{"user"', {
    end: true,
  });
  assert.equal((await post('{"user":"alice"}')).status, 200);
  assert.deepEqual(failures, []);
});

test('[V1] tells the page which gateways there are', async t => {
  const { get } = await serve(t);
  assert.deepEqual(await (await get('/dev/info')).json(), {
    gateways: [{ id: 'gateway-0', url: 'ws://localhost:1/v1/ws' }],
    channels: ['chat:lobby'],
  });
});

test('[V4] leaves what is not its own to the gateway', async t => {
  const { get } = await serve(t);
  assert.equal((await get('/v1/ws')).status, 418);
  assert.equal((await get('/', { method: 'POST' })).status, 418);
});

/** The routes on a server of their own; what they leave alone is answered with 418. */
async function serve(t: TestContext) {
  const failures: string[] = [];
  const routes = new DevRoutes({
    issuer: new TokenIssuer({
      key: 'a-signing-key-of-at-least-32-bytes',
      issuer: 'kittiwake',
      audience: 'kittiwake',
      clock: systemClock,
      random: systemRandom,
    }),
    modules: new SourceModules(join(import.meta.dirname, '../../../..')),
    pageDirectory: join(import.meta.dirname, 'page'),
    gateways: () => [{ id: 'gateway-0', url: 'ws://localhost:1/v1/ws' }],
    channels: ['chat:lobby'],
    onFailure: name => void failures.push(name),
  });
  const server = createServer((request, response) => {
    if (!routes.handle(request, response)) response.writeHead(418).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const get = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, init);
  return {
    get,
    failures,
    post: (body: string) => get('/dev/token', { method: 'POST', body }),
    raw: (text: string, options: { readonly end?: boolean } = {}) => exchange(port, text, options),
  };
}

/** Sends bytes as they are, and gives what comes back until the connection closes. */
async function exchange(port: number, text: string, { end = false }): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  if (end) socket.end(text);
  else socket.write(text);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
