import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { CHAT, LONG, say } from '../support/say.ts';
import { type RunningGateway, startGateway } from '../support/start-gateway.ts';
import { testConfig } from '../support/test-config.ts';

/** What is well-formed enough to be answered, and how. */
const REFUSED = [
  { what: 'no JSON', text: '{"type":', kind: 'malformed' },
  { what: 'no object', text: '42', kind: 'malformed' },
  { what: 'a type that is unknown', text: '{"type":"explode","ref":7}', kind: 'unknown_type' },
  { what: 'a field of another type', text: '{"type":"join","ref":7,"channel":42}', kind: 'malformed' },
  { what: 'JSON nested 33 deep', text: publishing(`${'['.repeat(32)}${']'.repeat(32)}`), kind: 'malformed' },
  { what: 'a key __proto__', text: publishing('{"__proto__":{"admin":true}}'), kind: 'malformed' },
  { what: 'a key constructor, escaped', text: publishing('{"c\\u006fnstructor":1}'), kind: 'malformed' },
  { what: 'a lone surrogate', text: publishing('"\\ud800"'), kind: 'malformed' },
] as const;

for (const { what, text, kind } of REFUSED) {
  test(`[M4][X1] ${what} is answered with ${kind}, counted, and the session goes on`, async t => {
    const gateway = await startGateway(t);
    const alice = await gateway.connect('alice');
    alice.sendRaw(text);
    await alice.expectError(kind);
    await say(alice, CHAT, 'as if nothing had been');
    assert.equal(await gateway.metric('kittiwake_errors_total', { kind }), 1);
    await unharmed(gateway);
  });
}

test('[X4] a peer that goes on sending what cannot be read is closed with 4400', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  for (let n = 0; n < 20; n += 1) alice.sendRaw('nonsense');
  assert.equal(await alice.expectClosed(4400), 'malformed');
  await gateway.until('kittiwake_disconnects_total', 1, { code: '4400' });
  await unharmed(gateway);
});

test('[X4] before connect there is no credit', async t => {
  const gateway = await startGateway(t);
  const peer = await gateway.open();
  peer.sendRaw('nonsense');
  await peer.expectClosed(4400);
});

test('[M3] types that are unknown end no connection, however many there are', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  for (let n = 0; n < 30; n += 1) alice.sendRaw('{"type":"from-the-future"}');
  await alice.roundTrip();
  assert.equal(await gateway.metric('kittiwake_errors_total', { kind: 'unknown_type' }), 30);
});

test('[M5] a message of 64 KB and one byte closes with 1009, one of 64 KB does not', async t => {
  const gateway = await startGateway(t);
  const [alice, bob] = [await gateway.connect('alice'), await gateway.connect('bob')];
  const fits = publishing('""').length;
  alice.sendRaw(publishing(`"${'x'.repeat(65_536 - fits)}"`));
  await alice.ask({ type: 'ping' }, 'pong');
  bob.sendRaw(publishing(`"${'x'.repeat(65_537 - fits)}"`));
  await bob.expectClosed(1009);
  await gateway.until('kittiwake_disconnects_total', 1, { code: '1009' });
  await unharmed(gateway);
});

test('[M1] a frame of the other kind closes with 1003', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  alice.sendRaw(Buffer.from('{"type":"ping"}'));
  await alice.expectClosed(1003);
  const bob = await gateway.connect('bob', { format: 'msgpack' });
  bob.sendRaw('{"type":"ping"}');
  await bob.expectClosed(1003);
});

test('[L1][L3] a flood is warned, then closed with 4429, and its neighbours notice nothing', async t => {
  const limits = { ...testConfig('x').limits, sessionRate: { perSecond: 10, burst: 20 } };
  const gateway = await startGateway(t, { config: { limits } });
  const [alice, bob] = [await gateway.connect('alice'), await gateway.connect('bob')];
  for (let n = 0; n < 60; n += 1) alice.send({ type: 'ping' });
  const warning = await alice.expectError('rate_limited');
  assert.ok((warning.retryAfterMs ?? 0) > 0);
  await alice.expectClosed(4429);
  assert.equal(
    await gateway.metric('kittiwake_rate_limited_total', { scope: 'session', verdict: 'warn' }),
    2,
  );
  await bob.roundTrip();
  await unharmed(gateway);
});

test('[L4] one session of a user too many is closed with 4430', async t => {
  const limits = { ...testConfig('x').limits, sessionsPerUserMax: 2 };
  const gateway = await startGateway(t, { config: { limits } });
  for (const _ of [1, 2]) await gateway.connect('alice');
  await assert.rejects(gateway.connect('alice'), /closed/);
  await gateway.until('kittiwake_disconnects_total', 1, { code: '4430' });
  await gateway.connect('bob');
});

test('[X3] a reader that stops is closed with 4431 while its neighbours get everything', async t => {
  const gateway = await startGateway(t);
  const [alice, bob, carol] = [
    await gateway.connect('alice'),
    await gateway.connect('bob'),
    await gateway.connect('carol'),
  ];
  for (const peer of [bob, carol]) await peer.ask({ type: 'join', channel: LONG }, 'joined');
  bob.ws.pause();
  const large = 'x'.repeat(60_000);
  let sent = 0;
  for (; (await gateway.metric('kittiwake_outbox_overflows_total')) === 0 && sent < 400; sent += 1)
    await say(alice, LONG, large);
  await carol.expectPublications(LONG, sent);
  await gateway.until('kittiwake_disconnects_total', 1, { code: '4431' });
  await gateway.until('kittiwake_outbox_bytes', 0);
});

test('[X6] a huge subprotocol header is refused, and the gateway lives', async t => {
  const gateway = await startGateway(t);
  const protocols = ['a'.repeat(20_000)];
  await assert.rejects(gateway.open({ protocols }), /4\d\d|socket hang up|ECONNRESET/);
  const token = [`kittiwake.token.${'a'.repeat(7_000)}`];
  const long = await gateway.open({ protocols: token });
  long.send({ type: 'connect', ref: 1, protocol: 1 });
  await long.expectClosed(4401);
  await unharmed(gateway);
});

test('[X6] garbage on the socket harms only its own connection', async t => {
  const gateway = await startGateway(t);
  const socket = connect(gateway.ports.clients, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 131) % 256)));
  socket.resume();
  await once(socket, 'close');
  await unharmed(gateway);
});

function publishing(data: string): string {
  return `{"type":"publish","channel":"${LONG}","event":"a:b:c","data":${data}}`;
}

/** The gateway serves, and no belief of its own was broken. */
async function unharmed(gateway: RunningGateway): Promise<void> {
  const witness = await gateway.connect('witness');
  await witness.roundTrip();
  assert.equal(await gateway.probe('/readyz'), 200);
  assert.equal(await gateway.metric('kittiwake_assertion_failures_total'), 0);
}
