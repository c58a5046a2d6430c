import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROTOCOL_VERSION } from '@kittiwake/protocol';
import { createFakeClock } from '@kittiwake/testkit';
import { CHAT, LONG, say } from '../support/say.ts';
import { createWorld, startGateway, startGateways } from '../support/start-gateway.ts';
import { testConfig } from '../support/test-config.ts';
import { tokenFor } from '../support/test-token.ts';

test('[S1] connect with a token is answered by connected', async t => {
  const gateway = await startGateway(t, { id: 'gateway-7' });
  const alice = await gateway.connect('alice', { format: 'msgpack' });
  const { user, gateway: at, session, messageBytesMax } = alice.connected;
  assert.deepEqual([user, at, messageBytesMax], ['alice', 'gateway-7', 65_536]);
  assert.ok(session.length > 0);
});

test('[S1][A7] a token of the handshake counts, and is never echoed', async t => {
  const gateway = await startGateway(t);
  const token = await tokenFor(gateway.world.clock, 'alice');
  const peer = await gateway.open({ protocols: [`kittiwake.token.${token}`] });
  assert.equal(peer.ws.protocol, 'kittiwake.v1');
  const connected = await peer.ask({ type: 'connect', protocol: PROTOCOL_VERSION }, 'connected');
  assert.equal(connected.user, 'alice');
});

test('[S2] anything else before connect closes with 4401', async t => {
  const gateway = await startGateway(t);
  const peer = await gateway.open();
  peer.send({ type: 'join', ref: 1, channel: CHAT });
  await peer.expectClosed(4401);
});

test('[S2] what arrives while the token is verified waits, in order', async t => {
  const gateway = await startGateway(t);
  const peer = await gateway.open();
  const token = await tokenFor(gateway.world.clock, 'alice');
  peer.send({ type: 'connect', ref: 1, protocol: PROTOCOL_VERSION, token });
  peer.send({ type: 'join', ref: 2, channel: CHAT });
  peer.send({ type: 'join', ref: 3, channel: LONG });
  peer.send({ type: 'leave', ref: 4, channel: LONG });
  await peer.expectMessage('left');
  const answers = peer.received.filter(message => 'ref' in message).map(message => message.type);
  assert.deepEqual(answers, ['connected', 'joined', 'joined', 'left']);
});

test('[S2] more than may wait while the token is verified closes the peer', async t => {
  const gateway = await startGateway(t);
  const peer = await gateway.open();
  const token = await tokenFor(gateway.world.clock, 'alice');
  peer.send({ type: 'connect', ref: 1, protocol: PROTOCOL_VERSION, token });
  for (let ref = 2; ref < 1_000; ref += 1) peer.send({ type: 'join', ref, channel: CHAT });
  await peer.expectClosed(4429);
});

test('[S3] a protocol that nobody speaks closes with 4406', async t => {
  const gateway = await startGateway(t);
  const peer = await gateway.open();
  peer.send({ type: 'connect', ref: 1, protocol: 99, token: 'x' });
  await peer.expectClosed(4406);
});

test('[S4] a token that has expired closes with 4402, one of another key with 4401', async t => {
  const gateway = await startGateway(t);
  const expired = await gateway.open();
  const token = await tokenFor(gateway.world.clock, 'alice', { ttlSeconds: -120 });
  expired.send({ type: 'connect', ref: 1, protocol: PROTOCOL_VERSION, token });
  assert.equal((await expired.expectError('token_expired')).retry, 'reauth');
  await expired.expectClosed(4402);
  const forged = await gateway.open();
  const key = 'another key that nobody here has agreed on';
  const other = await tokenFor(gateway.world.clock, 'alice', { key });
  forged.send({ type: 'connect', ref: 1, protocol: PROTOCOL_VERSION, token: other });
  await forged.expectError('unauthenticated');
  await forged.expectClosed(4401);
});

test('[S4] a token that expires on the live connection closes it with 4402', async t => {
  const clock = createFakeClock();
  const gateway = await startGateway(t, { world: createWorld(clock) });
  const alice = await gateway.connect('alice', { ttlSeconds: 60 });
  await clock.run(59_000);
  await alice.roundTrip();
  await clock.run(2_000);
  await alice.expectClosed(4402);
});

test('[S5][A6] refresh gives the live connection other grants and another expiry', async t => {
  const clock = createFakeClock();
  const gateway = await startGateway(t, { world: createWorld(clock) });
  const alice = await gateway.connect('alice', { ttlSeconds: 60, grants: { join: ['**'] } });
  const before = await alice.ask(
    { type: 'publish', channel: CHAT, event: 'a:b:c' as never, data: 1 },
    'error',
  );
  assert.equal(before.kind, 'forbidden');
  const token = await tokenFor(clock, 'alice', { ttlSeconds: 120 });
  const refreshed = await alice.ask({ type: 'refresh', token }, 'refreshed');
  assert.equal(refreshed.expiresInMs, 120_000 - (clock.nowMs() % 1_000));
  await say(alice, CHAT, 'now I may');
  await clock.run(100_000);
  await alice.roundTrip();
  await clock.run(21_000);
  await alice.expectClosed(4402);
});

test('[A6] what the new token no longer grants is forbidden at once', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  await say(alice, CHAT, 'fine');
  const token = await tokenFor(gateway.world.clock, 'alice', { grants: { join: ['**'] } });
  await alice.ask({ type: 'refresh', token }, 'refreshed');
  const refused = await alice.ask(
    { type: 'publish', channel: CHAT, event: 'a:b:c' as never, data: 1 },
    'error',
  );
  assert.equal(refused.kind, 'forbidden');
});

test('[S5] a token of another user, or none at all, is refused and the old one goes on', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  const token = await tokenFor(gateway.world.clock, 'mallory');
  const forbidden = await alice.ask({ type: 'refresh', token }, 'error');
  const garbage = await alice.ask({ type: 'refresh', token: 'a.b.c' }, 'error');
  assert.deepEqual([forbidden.kind, garbage.kind], ['forbidden', 'unauthenticated']);
  await say(alice, CHAT, 'still here');
});

test('[S6] a session goes on at another gateway from its position, and the older peer is closed', async t => {
  const [one, two] = await startGateways(t, 2);
  const [alice, bob] = [await one.connect('alice'), await two.connect('bob')];
  await alice.ask({ type: 'join', channel: CHAT }, 'joined');
  const first = await say(bob, CHAT, 'before');
  await alice.expectPublications(CHAT, 1);
  alice.break();
  await say(bob, CHAT, 'while away');
  const again = await two.connect('alice', { session: alice.connected.session });
  assert.equal(again.connected.session, alice.connected.session);
  assert.ok(first.position !== undefined);
  const resumed = await again.ask({ type: 'join', channel: CHAT, position: first.position }, 'joined');
  await say(bob, CHAT, 'after');
  assert.equal(resumed.resume.outcome, 'recovered');
  await again.expectPublications(CHAT, 2);
  assert.deepEqual(again.offsets(CHAT), [2, 3]);
});

test('[S6] a session that is continued on the same gateway replaces its older peer', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  await alice.ask({ type: 'join', channel: CHAT }, 'joined');
  const again = await gateway.connect('alice', { session: alice.connected.session });
  await alice.expectClosed(4409);
  await again.ask({ type: 'join', channel: CHAT }, 'joined');
  await say(again, CHAT, 'once');
  await again.expectPublications(CHAT, 1);
  assert.equal(await gateway.metric('kittiwake_sessions'), 1);
  assert.equal(await gateway.metric('kittiwake_memberships'), 1);
  assert.equal(await gateway.metric('kittiwake_assertion_failures_total'), 0);
});

test('[S6] joins of the older and the newer peer that cross do not harm the newer one', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  const again = await gateway.open();
  const token = await tokenFor(gateway.world.clock, 'alice');
  const session = alice.connected.session;
  const first = await say(alice, CHAT, 'one');
  assert.ok(first.position !== undefined);
  again.send({ type: 'connect', ref: 101, protocol: PROTOCOL_VERSION, token, session });
  again.send({ type: 'join', ref: 102, channel: CHAT, position: first.position });
  alice.send({ type: 'join', ref: 50, channel: CHAT, position: first.position });
  await again.expectMessage('joined');
  await alice.expectClosed(4409);
  await again.roundTrip();
  assert.equal(await gateway.metric('kittiwake_assertion_failures_total'), 0);
  assert.equal(await gateway.metric('kittiwake_memberships'), 1);
});

test('[S6] a connect that arrives after a later one replaces nobody, here or elsewhere', async t => {
  const [one, two] = await startGateways(t, 2);
  const { session } = (await one.connect('alice')).connected;
  const live = await one.connect('alice', { session, attempt: 3 });
  const token = await tokenFor(one.world.clock, 'alice');
  for (const gateway of [one, two]) {
    const late = await gateway.open();
    late.send({ type: 'connect', ref: 1, protocol: PROTOCOL_VERSION, token, session, attempt: 2 });
    await (gateway === one ? late.expectClosed(4409) : late.expectMessage('connected'));
    await live.roundTrip();
  }
  await two.connect('alice', { session, attempt: 4 });
  await live.expectClosed(4409);
});

test('[S6] a user at its limit of sessions may still continue one', async t => {
  const limits = { ...testConfig('x').limits, sessionsPerUserMax: 1 };
  const gateway = await startGateway(t, { config: { limits } });
  const alice = await gateway.connect('alice');
  await gateway.connect('alice', { session: alice.connected.session });
  await alice.expectClosed(4409);
  const third = await gateway.open();
  const token = await tokenFor(gateway.world.clock, 'alice');
  third.send({ type: 'connect', ref: 1, protocol: PROTOCOL_VERSION, token });
  await third.expectClosed(4430);
});

test('[S6] the session of somebody else gives a new one, never an error', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  const bob = await gateway.connect('bob', { session: alice.connected.session });
  assert.notEqual(bob.connected.session, alice.connected.session);
  await alice.roundTrip();
});

test('[S7] without connect the peer is closed with 4408', async t => {
  const clock = createFakeClock();
  const gateway = await startGateway(t, { world: createWorld(clock) });
  const peer = await gateway.open();
  await gateway.until('kittiwake_connections_active', 1);
  await clock.run(5_000);
  await peer.expectClosed(4408);
});

test('[S8] a peer that answers no ping is closed with 4440, one that does stays', async t => {
  const clock = createFakeClock();
  const gateway = await startGateway(t, { world: createWorld(clock) });
  const [alice, bob] = [await gateway.connect('alice'), await gateway.connect('bob')];
  bob.answersPings = false;
  for (let n = 0; n < 40; n += 1) {
    await clock.run(1_000);
    await alice.roundTrip();
  }
  await bob.expectClosed(4440);
});

test('[S8] a ping is answered with pong and its ref', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  const pong = await alice.ask({ type: 'ping' }, 'pong');
  assert.ok(pong.ref !== undefined);
});

test('[S9] a second connect is malformed, and the session goes on', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  const token = await tokenFor(gateway.world.clock, 'alice');
  const error = await alice.ask({ type: 'connect', protocol: PROTOCOL_VERSION, token }, 'error');
  assert.equal(error.kind, 'malformed');
  await alice.roundTrip();
});
