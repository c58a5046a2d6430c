import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Compile } from 'typebox/schema';
import { MESSAGE, started } from '../../test/support/start-test-server.ts';
import { ERROR_SCHEMA } from './api-schemas.ts';

const deep = `${'['.repeat(40)}${']'.repeat(40)}`;
const json = (overrides: object): string => JSON.stringify({ ...MESSAGE, ...overrides });
const MALFORMED: readonly [
  what: string,
  body: string | Uint8Array<ArrayBuffer>,
  status: number,
  path?: string,
][] = [
  ['nothing', '', 400],
  ['no JSON', '{"channel":', 400],
  ['a bare word', 'undefined', 400],
  ['no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 400],
  ['JSON nested deeper than 32', `{"channel":"chat:1","event":"e","data":${deep}}`, 400],
  ['a prototype key', '{"channel":"chat:1","event":"e","data":{"__proto__":{"a":1}}}', 400],
  [
    '300 keys',
    json({ data: Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${index}`, 1])) }),
    400,
  ],
  ['a body over 1 MB', json({ data: 'x'.repeat(1_048_576) }), 413],
  ['data over a message', json({ data: 'x'.repeat(65_000) }), 413, 'data'],
  ['a list', '[]', 422],
  ['null', 'null', 422],
  ['a number', '7', 422],
  ['no channel', json({ channel: undefined }), 422, 'channel'],
  ['an empty channel', json({ channel: '' }), 422, 'channel'],
  ['a channel with spaces', json({ channel: 'chat: 1' }), 422, 'channel'],
  ['a channel that is a list', json({ channel: ['chat:1'] }), 422, 'channel'],
  ['a huge channel', json({ channel: 'c'.repeat(201) }), 422, 'channel'],
  ['no event', json({ event: undefined }), 422, 'event'],
  ['an event of five segments', json({ event: 'a:b:c:d:e' }), 422, 'event'],
  ['no data', json({ data: undefined }), 422, 'data'],
  ['version 0', json({ version: 0 }), 422, 'version'],
  ['version 1.5', json({ version: 1.5 }), 422, 'version'],
  ['an unknown level', json({ ack: 'all' }), 422, 'ack'],
  ['an unknown field', json({ chanel: 'chat:1' }), 422, 'chanel'],
];

for (const [what, body, status, path] of MALFORMED) {
  test(`[H5] ${what} is answered ${status}`, async context => {
    const { base, headers, backend } = await started(context);
    const response = await fetch(`${base}/v1/publish`, { method: 'POST', headers, body });
    const answer = await response.json();
    assert.equal(response.status, status, JSON.stringify(answer));
    assert(Compile(ERROR_SCHEMA).Check(answer), JSON.stringify(answer));
    if (path !== undefined) assert.equal(Reflect.get(answer, 'path'), path);
    assert.deepEqual(backend.publishes, []);
  });
}

test('[H5] a body without an end is cut off at 1 MB', async context => {
  const { base, headers } = await started(context);
  const endless = new ReadableStream({
    pull: controller => controller.enqueue(new Uint8Array(65_536).fill(0x20)),
  });
  const init = { method: 'POST', headers, body: endless, duplex: 'half' };
  const response = await fetch(`${base}/v1/publish`, init).catch(() => undefined);
  // The answer may be lost when the connection is cut while the client still writes.
  if (response !== undefined) assert.equal(response.status, 413);
  assert.equal((await fetch(`${base}/openapi.json`)).status, 200);
});

const REFUSED: readonly [
  what: string,
  path: string,
  init: { method?: string; headers?: Record<string, string> },
  status: number,
][] = [
  ['another path', '/v1/nothing', {}, 404],
  ['the root', '/', {}, 404],
  ['GET of a POST', '/v1/publish', { method: 'GET' }, 405],
  ['DELETE', '/v1/info', { method: 'DELETE' }, 405],
  ['a form', '/v1/publish', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
  ['text', '/v1/publish', { headers: { 'content-type': 'text/plain' } }, 415],
  ['a key with spaces', '/v1/publish', { headers: { 'idempotency-key': 'a b' } }, 400],
  ['an empty key', '/v1/publish', { headers: { 'idempotency-key': '' } }, 400],
  ['a huge key', '/v1/publish', { headers: { 'idempotency-key': 'k'.repeat(129) } }, 400],
];

for (const [what, path, init, status] of REFUSED) {
  test(`[H3] ${what} is answered ${status} in the shape of all errors`, async context => {
    const { call } = await started(context);
    const answer = await call(path, init.method === undefined ? MESSAGE : undefined, init);
    assert.equal(answer.status, status);
    assert(Compile(ERROR_SCHEMA).Check(answer.body), JSON.stringify(answer.body));
  });
}
