import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import type { ChannelName, ErrorKind, PresenceEntry } from '@kittiwake/protocol';
import { API_KEY, MESSAGE, started } from '../../test/support/start-test-server.ts';
import { OPERATIONS } from './operations.ts';

test('[H1] publish answers with level and position', async context => {
  const { call, backend } = await started(context);
  const answer = await call('/v1/publish', { ...MESSAGE, version: 2, ack: 'replicated' });
  assert.deepEqual(answer, {
    status: 200,
    body: { level: 'replicated', position: { offset: 1, epoch: 'e1' }, duplicate: false },
  });
  assert.deepEqual(backend.publishes, [{ ...MESSAGE, version: 2, ack: 'replicated' }]);
});

test('[H8] requests that come while the API is loaded are all answered', async context => {
  const { call, backend } = await started(context);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => call('/v1/publish', { ...MESSAGE, data: { n } })),
  );
  assert.deepEqual(
    answers.map(({ status }) => status),
    Array.from({ length: 8 }, () => 200),
  );
  assert.equal(backend.publishes.length, 8);
});

test('[H7] the same Idempotency-Key is stored once, and the trace goes along', async context => {
  const { call, backend } = await started(context);
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const headers = { 'idempotency-key': 'order-17', traceparent };
  await call('/v1/publish', MESSAGE, { headers });
  const again = await call('/v1/publish', MESSAGE, { headers });
  assert.deepEqual(again.body, { level: 'primary', position: { offset: 1, epoch: 'e1' }, duplicate: true });
  assert.deepEqual(backend.publishes[0], { ...MESSAGE, version: 1, key: 'order-17', traceparent });
});

test('[P8] a publish of a producer carries who it is, its number and what it follows', async context => {
  const { call, backend } = await started(context);
  const producer = { id: 'orders-1', epoch: 3, sequence: 17, follows: 14 };
  await call('/v1/publish', { ...MESSAGE, producer });
  assert.deepEqual(backend.publishes, [{ ...MESSAGE, version: 1, producer }]);
});

const NO_PRODUCERS = {
  'an id with a colon': { id: 'a:b', epoch: 1, sequence: 1 },
  'an id that is too long': { id: 'x'.repeat(65), epoch: 1, sequence: 1 },
  'a number 0': { id: 'a', epoch: 1, sequence: 0 },
  'a number beyond the integers': { id: 'a', epoch: 1, sequence: 2 ** 53 },
  'what follows a number below 0': { id: 'a', epoch: 1, sequence: 1, follows: -1 },
  'an epoch below 0': { id: 'a', epoch: -1, sequence: 1 },
  'no epoch': { id: 'a', sequence: 1 },
  'a field of its own': { id: 'a', epoch: 1, sequence: 1, key: 'k' },
};

for (const [what, producer] of Object.entries(NO_PRODUCERS)) {
  test(`[H1] ${what} is no producer`, async context => {
    const { call, backend } = await started(context);
    const answer = await call('/v1/publish', { ...MESSAGE, producer });
    assert.deepEqual([answer.status, answer.body.kind], [422, 'schema_violation']);
    assert.match(answer.body.path, /^producer/);
    assert.deepEqual(backend.publishes, []);
  });
}

test('[P10] a gap says which number is expected', async context => {
  const { call, backend } = await started(context);
  const gap = { kind: 'sequence_gap', message: 'why', expectedSequence: 6, rememberedMs: 600_000 } as const;
  backend.failure = gap;
  const body = { ...gap, retry: 'now' };
  assert.deepEqual(await call('/v1/publish', MESSAGE), { status: 409, body });
});

test('[H1] broadcast answers for each channel, in order', async context => {
  const { call } = await started(context);
  const { channel: _, ...message } = MESSAGE;
  const channels = Array.from({ length: 200 }, (_item, index) => `chat:${index}`);
  const { body } = await call('/v1/broadcast', {
    ...message,
    channels: [...channels, 'nowhere', 'chat:busy'],
  });
  assert.deepEqual(
    body.results.map((result: { channel: string }) => result.channel),
    [...channels, 'nowhere', 'chat:busy'],
  );
  assert.equal(body.results[199].published.position.offset, 1);
  assert.equal(body.results[200].error.kind, 'unknown_channel');
  assert.deepEqual(body.results[201].error, {
    kind: 'rate_limited',
    message: 'the channel is at its rate',
    retry: 'backoff',
    retryAfterMs: 1_500,
  });
});

test('[H1] presence shows the members', async context => {
  const { call, backend } = await started(context);
  const entry = { member: 's1', user: 'alice', data: { name: 'Alice' } } as unknown as PresenceEntry;
  backend.members.set('chat:1' as ChannelName, [entry]);
  assert.deepEqual((await call('/v1/presence', { channel: 'chat:1' })).body, { members: [entry] });
});

test('[H1] history shows the newest publications', async context => {
  const { call } = await started(context);
  for (const text of ['a', 'b', 'c']) await call('/v1/publish', { ...MESSAGE, data: { text } });
  const { body } = await call('/v1/history', { channel: 'chat:1', limit: 2 });
  assert.deepEqual(
    body.publications.map((publication: { data: unknown }) => publication.data),
    [{ text: 'b' }, { text: 'c' }],
  );
  assert.deepEqual(body.position, { offset: 3, epoch: 'e1' });
});

test('[H1] disconnect takes a user or a session', async context => {
  const { call, backend } = await started(context);
  assert.deepEqual(await call('/v1/disconnect', { user: 'alice' }), { status: 202, body: {} });
  assert.equal((await call('/v1/disconnect', { session: 's-1' })).status, 202);
  assert.equal((await call('/v1/disconnect', { user: 'a', session: 's' })).status, 422);
  assert.equal((await call('/v1/disconnect', {})).status, 422);
  assert.deepEqual(backend.disconnects, [{ user: 'alice' }, { session: 's-1' }]);
});

test('[H1] info lists the gateways', async context => {
  const { call } = await started(context);
  const { body } = await call('/v1/info', undefined, { method: 'GET' });
  assert.equal(body.gateways[0].gateway, 'gateway-1');
});

const KEYS = [
  '',
  'Bearer',
  'Bearer ',
  'Bearer wrong',
  `Basic ${API_KEY}`,
  API_KEY,
  `Bearer ${API_KEY} x`,
  `Bearer ${API_KEY}x`,
] as const;

for (const authorization of KEYS) {
  test(`[H2] refuses the authorization ${JSON.stringify(authorization)}`, async context => {
    const { call, backend } = await started(context);
    for (const { path, method } of OPERATIONS) {
      const body = method === 'post' ? MESSAGE : undefined;
      assert.equal(
        (await call(path, body, { method: method.toUpperCase(), headers: { authorization } })).status,
        401,
      );
    }
    assert.deepEqual(backend.publishes, []);
  });
}

const FAILURES: readonly [kind: ErrorKind, status: number, retry: string][] = [
  ['unknown_channel', 404, 'never'],
  ['schema_violation', 422, 'never'],
  ['rate_limited', 429, 'backoff'],
  ['broker_unavailable', 503, 'backoff'],
  ['unknown_outcome', 504, 'now'],
  ['fenced', 409, 'never'],
  ['sequence_gap', 409, 'now'],
  ['internal', 500, 'backoff'],
];

for (const [kind, status, retry] of FAILURES) {
  test(`[H3] ${kind} is ${status} and says what to do next`, async context => {
    const { call, backend } = await started(context);
    backend.failure = { kind, message: 'why', path: 'data.text' };
    assert.deepEqual(await call('/v1/publish', MESSAGE), {
      status,
      body: { kind, message: 'why', retry, path: 'data.text' },
    });
  });
}

test('[H3] a delay is in Retry-After as well', async context => {
  const { base, headers } = await started(context);
  const body = JSON.stringify({ ...MESSAGE, channel: 'chat:busy' });
  const response = await fetch(`${base}/v1/publish`, { method: 'POST', headers, body });
  assert.equal(response.headers.get('retry-after'), '2');
});

test('[H6] bytes that are no HTTP do not end the server', async context => {
  const { base } = await started(context);
  const socket = connect(Number(new URL(base).port), '127.0.0.1');
  socket.on('error', () => {});
  const closed = new Promise(resolve => socket.once('close', resolve));
  socket.end('\u0000\u0001nonsense\r\n\r\n');
  socket.resume();
  await closed;
  assert.equal((await fetch(`${base}/openapi.json`)).status, 200);
});

test('[H6] headers over 8 KB are refused', async context => {
  const { base, headers } = await started(context);
  const response = await fetch(`${base}/v1/info`, { headers: { ...headers, 'x-large': 'x'.repeat(9_000) } });
  assert.equal(response.status, 431);
});

test('[H6] stop is idempotent and frees the port', async context => {
  const { server, base } = await started(context);
  await Promise.all([server.stop(), server.stop()]);
  await assert.rejects(fetch(`${base}/openapi.json`));
});
