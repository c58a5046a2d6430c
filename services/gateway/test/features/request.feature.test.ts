import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { EventName } from '@kittiwake/protocol';
import { CHAT, LONG, NOW, say } from '../support/say.ts';
import { startGateway } from '../support/start-gateway.ts';
import { testConfig } from '../support/test-config.ts';

const ASK = 'game:move:check' as EventName;

test('[Q3] the gateway answers the time, history and presence itself', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  await alice.ask({ type: 'join', channel: CHAT, presence: { mood: 'here' } }, 'joined');
  await alice.expectMessage('presence-diff');
  await say(alice, CHAT, 'one');
  const time = await alice.ask(own('time:get'), 'response');
  const history = await alice.ask({ ...own('history:list'), channel: CHAT }, 'response');
  const presence = await alice.ask({ ...own('presence:list'), channel: CHAT }, 'response');
  assert.ok((time.data as { nowMs: number }).nowMs > 1_000_000_000_000);
  const { publications } = history.data as { publications: readonly { data: unknown }[] };
  assert.deepEqual(
    publications.map(({ data }) => data),
    [{ text: 'one' }],
  );
  assert.deepEqual(presence.data, {
    members: [{ member: alice.connected.session, user: 'alice', data: { mood: 'here' } }],
  });
});

test('[Q3] what a channel does not keep, or the token does not grant, is an error', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice', { grants: { join: ['**'], history: ['now:*'] } });
  const off = await alice.ask({ ...own('history:list'), channel: NOW }, 'error');
  const forbidden = await alice.ask({ ...own('history:list'), channel: CHAT }, 'error');
  assert.deepEqual([off.kind, forbidden.kind], ['history_off', 'forbidden']);
});

test('[Q3][M5] a history that is larger than one message answers the newest that fit', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  const large = 'x'.repeat(60_000);
  for (let n = 1; n <= 40; n += 1) await say(alice, LONG, large);
  const request = { ...own('history:list'), channel: LONG, data: { limit: 1_000 } };
  const { data } = await alice.ask(request, 'response');
  const { publications } = data as { publications: readonly { position: { offset: number } }[] };
  assert.ok(publications.length > 0 && publications.length < 40);
  assert.equal(publications.at(-1)?.position.offset, 40);
});

test('[Q2] where there is no responder the answer says so', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  const none = await alice.ask({ type: 'request', event: ASK, channel: CHAT, data: 1 }, 'error');
  const nowhere = await alice.ask({ type: 'request', event: ASK, data: 1 }, 'error');
  assert.deepEqual([none.kind, nowhere.kind], ['no_responder', 'no_responder']);
});

test('[Q2] the responder of the channel answers, and learns who asks', async t => {
  const asked: string[] = [];
  const url = await startResponder(t, body => {
    asked.push(body);
    return '{"allowed":true}';
  });
  const alice = await (await withResponder(t, url)).connect('alice');
  const answer = await alice.ask(
    { type: 'request', event: ASK, channel: CHAT, data: { to: 'e4' } },
    'response',
  );
  assert.deepEqual(answer.data, { allowed: true });
  assert.deepEqual(JSON.parse(asked[0] ?? ''), {
    channel: CHAT,
    event: ASK,
    user: 'alice',
    data: { to: 'e4' },
  });
});

test('[Q2][M7] an answer of a responder that no message could carry is no answer', async t => {
  const url = await startResponder(t, () => '{"__proto__":{"admin":true}}');
  const alice = await (await withResponder(t, url)).connect('alice');
  const answer = await alice.ask({ type: 'request', event: ASK, channel: CHAT, data: 1 }, 'error');
  assert.equal(answer.kind, 'no_responder');
});

test('[Q1] a request has one answer, and its timeout is one', async t => {
  const url = await startResponder(t, () => undefined);
  const alice = await (await withResponder(t, url)).connect('alice');
  const request = { type: 'request', event: ASK, channel: CHAT, data: 1, timeoutMs: 100 } as const;
  const answer = await alice.ask(request, 'error');
  assert.equal(answer.kind, 'timeout');
  await alice.roundTrip();
  const answers = alice.received.filter(message => 'ref' in message && message.ref === answer.ref);
  assert.equal(answers.length, 1);
});

function own(event: string) {
  return { type: 'request', event: `kittiwake:${event}` as EventName, data: {} } as const;
}

async function withResponder(t: TestContext, url: string) {
  const channels = testConfig('x').channels.map(rule => ({ ...rule, responder: { url, timeoutMs: 5_000 } }));
  return startGateway(t, { config: { channels } });
}

/** Answers what `answer` gives, and nothing at all where that is undefined. */
async function startResponder(t: TestContext, answer: (body: string) => string | undefined): Promise<string> {
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).map(String).join('');
    const text = answer(body);
    if (text !== undefined) response.end(text);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer`;
}
