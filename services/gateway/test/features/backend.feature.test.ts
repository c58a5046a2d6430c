import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHAT, OPEN, SEND, SHORT, say } from '../support/say.ts';
import { startGateway, startGateways } from '../support/start-gateway.ts';

const DATA = { text: 'from a backend' };

test('[H1] a publish reaches the sessions of every gateway', async t => {
  const [one, two] = await startGateways(t, 2);
  const peers = [await one.connect('alice'), await two.connect('bob')];
  for (const peer of peers) await peer.ask({ type: 'join', channel: CHAT }, 'joined');
  const answer = await one.api('/v1/publish', { channel: CHAT, event: SEND, data: DATA });
  assert.equal(answer.status, 200);
  for (const peer of peers) {
    const [publication] = await peer.expectPublications(CHAT, 1);
    assert.deepEqual(publication?.data, DATA);
  }
});

test('[H1][P1] schemas count for backends, access rules do not', async t => {
  const gateway = await startGateway(t);
  const unfit = await gateway.api('/v1/publish', { channel: CHAT, event: SEND, data: { text: 1 } });
  const unknown = await gateway.api('/v1/publish', { channel: 'nowhere:1', event: SEND, data: 1 });
  const closed = await gateway.api('/v1/publish', { channel: OPEN, event: SEND, data: 1 });
  assert.deepEqual([kindOf(unfit.body), kindOf(unknown.body)], ['schema_violation', 'unknown_channel']);
  assert.equal(closed.status, 200);
});

test('[H1] a broadcast answers for each channel', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  for (const channel of [CHAT, SHORT]) await alice.ask({ type: 'join', channel }, 'joined');
  const channels = [CHAT, SHORT, 'nowhere:1'];
  const answer = await gateway.api('/v1/broadcast', { channels, event: SEND, data: DATA });
  assert.equal(answer.status, 200);
  for (const channel of [CHAT, SHORT]) await alice.expectPublications(channel, 1);
});

test('[H1] disconnect closes every session of the user on every gateway with 4410', async t => {
  const [one, two] = await startGateways(t, 2);
  const alices = [await one.connect('alice'), await two.connect('alice')];
  const bob = await two.connect('bob');
  const answer = await one.api('/v1/disconnect', { user: 'alice' });
  assert.ok(answer.status < 300);
  for (const alice of alices) assert.equal(await alice.expectClosed(4410), 'disconnected');
  await bob.roundTrip();
});

test('[H1] disconnect of a session closes that one only', async t => {
  const [one, two] = await startGateways(t, 2);
  const [first, second] = [await one.connect('alice'), await two.connect('alice')];
  await one.api('/v1/disconnect', { session: second.connected.session });
  await second.expectClosed(4410);
  await first.roundTrip();
});

test('[H1] presence and history are those that members see', async t => {
  const [one, two] = await startGateways(t, 2);
  const alice = await one.connect('alice');
  await alice.ask({ type: 'join', channel: CHAT, presence: { mood: 'here' } }, 'joined');
  await alice.expectMessage('presence-diff');
  await say(alice, CHAT, 'one');
  const presence = await two.api('/v1/presence', { channel: CHAT });
  assert.deepEqual(presence.body, {
    members: [{ member: alice.connected.session, user: 'alice', data: { mood: 'here' } }],
  });
  const history = await two.api('/v1/history', { channel: CHAT });
  assert.equal(history.status, 200);
  assert.match(JSON.stringify(history.body), /"text":"one"/);
});

test('[H1] info lists every gateway', async t => {
  const [one] = await startGateways(t, 3);
  const info = await one.api('/v1/info');
  for (const id of ['gateway-0', 'gateway-1', 'gateway-2'])
    assert.match(JSON.stringify(info.body), new RegExp(id));
});

function kindOf(body: unknown): unknown {
  return (body as { readonly kind?: unknown }).kind;
}
