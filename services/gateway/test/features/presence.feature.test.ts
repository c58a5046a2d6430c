import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@kittiwake/testkit';
import { CHAT, LONG } from '../support/say.ts';
import { createWorld, startGateway, startGateways } from '../support/start-gateway.ts';

const HERE = { mood: 'here' };

test('[E1] presence-set shows the member, null takes it off the list, both are acknowledged', async t => {
  const [one, two] = await startGateways(t, 2);
  const [alice, bob] = [await one.connect('alice'), await two.connect('bob')];
  for (const peer of [alice, bob]) await peer.ask({ type: 'join', channel: CHAT }, 'joined');
  await alice.ask({ type: 'presence-set', channel: CHAT, data: HERE }, 'ack');
  const shown = await bob.expectMessage('presence-diff');
  assert.deepEqual(shown.set, [{ member: alice.connected.session, user: 'alice', data: HERE }]);
  await alice.ask({ type: 'presence-set', channel: CHAT, data: null }, 'ack');
  const gone = await bob.expectMessage('presence-diff');
  assert.deepEqual([gone.set, gone.left], [[], [alice.connected.session]]);
});

test('[E1] a channel without presence answers presence_off, and one that was not joined not_joined', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  await alice.ask({ type: 'join', channel: LONG }, 'joined');
  const off = await alice.ask({ type: 'presence-set', channel: LONG, data: HERE }, 'error');
  const outside = await alice.ask({ type: 'presence-set', channel: CHAT, data: HERE }, 'error');
  assert.deepEqual([off.kind, outside.kind], ['presence_off', 'not_joined']);
});

test('[E2] presence-sync follows joined and is everybody who is there', async t => {
  const [one, two] = await startGateways(t, 2);
  const [alice, bob] = [await one.connect('alice'), await two.connect('bob')];
  await alice.ask({ type: 'join', channel: CHAT, presence: HERE }, 'joined');
  await alice.expectMessage('presence-diff');
  const joined = await bob.ask({ type: 'join', channel: CHAT }, 'joined');
  const sync = await bob.expectMessage('presence-sync');
  assert.ok(bob.received.indexOf(joined) < bob.received.indexOf(sync));
  assert.deepEqual(sync.members, [{ member: alice.connected.session, user: 'alice', data: HERE }]);
});

test('[E2] after a failure the whole list comes again', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  await alice.ask({ type: 'join', channel: CHAT, presence: HERE }, 'joined');
  await alice.expectMessage('presence-sync');
  await alice.expectMessage('presence-diff');
  gateway.world.cluster.failOver(0);
  const repaired = await alice.expectMessage('presence-sync');
  assert.deepEqual(repaired.members, [{ member: alice.connected.session, user: 'alice', data: HERE }]);
});

test('[E3] presence-diff says who is there now and who is gone', async t => {
  const gateway = await startGateway(t);
  const [alice, bob] = [await gateway.connect('alice'), await gateway.connect('bob')];
  await alice.ask({ type: 'join', channel: CHAT }, 'joined');
  await bob.ask({ type: 'join', channel: CHAT, presence: HERE }, 'joined');
  const came = await alice.expectMessage('presence-diff');
  await bob.ask({ type: 'leave', channel: CHAT }, 'left');
  const went = await alice.expectMessage('presence-diff');
  assert.deepEqual([came.set.map(entry => entry.user), went.left], [['bob'], [bob.connected.session]]);
});

test('[E5] a member whose connection broke stays listed for a grace time', async t => {
  const clock = createFakeClock();
  const gateway = await startGateway(t, { world: createWorld(clock) });
  const [alice, bob] = [await gateway.connect('alice'), await gateway.connect('bob')];
  await alice.ask({ type: 'join', channel: CHAT }, 'joined');
  await bob.ask({ type: 'join', channel: CHAT, presence: HERE }, 'joined');
  await alice.expectMessage('presence-diff');
  bob.break();
  await gateway.until('kittiwake_sessions', 1);
  await clock.run(9_000);
  await alice.roundTrip();
  assert.equal(alice.received.filter(message => message.type === 'presence-diff').length, 1);
  await clock.run(1_500);
  const went = await alice.expectMessage('presence-diff');
  assert.deepEqual(went.left, [bob.connected.session]);
});

test('[E5] one that closes normally is gone at once', async t => {
  const gateway = await startGateway(t, { world: createWorld(createFakeClock()) });
  const [alice, bob] = [await gateway.connect('alice'), await gateway.connect('bob')];
  await alice.ask({ type: 'join', channel: CHAT }, 'joined');
  await bob.ask({ type: 'join', channel: CHAT, presence: HERE }, 'joined');
  await alice.expectMessage('presence-diff');
  bob.ws.close(1000);
  const went = await alice.expectMessage('presence-diff');
  assert.deepEqual(went.left, [bob.connected.session]);
});

test('[E5] one that a backend disconnects, and so does not come back, is gone at once', async t => {
  const gateway = await startGateway(t, { world: createWorld(createFakeClock()) });
  const [alice, bob] = [await gateway.connect('alice'), await gateway.connect('bob')];
  await alice.ask({ type: 'join', channel: CHAT }, 'joined');
  await bob.ask({ type: 'join', channel: CHAT, presence: HERE }, 'joined');
  await alice.expectMessage('presence-diff');
  await gateway.api('/v1/disconnect', { user: 'bob' });
  const went = await alice.expectMessage('presence-diff');
  assert.deepEqual(went.left, [bob.connected.session]);
});

test('[E5] a join with presence whose peer closes at once leaves nobody behind', async t => {
  const gateway = await startGateway(t);
  const [alice, bob] = [await gateway.connect('alice'), await gateway.connect('bob')];
  await alice.ask({ type: 'join', channel: CHAT }, 'joined');
  bob.send({ type: 'join', ref: 9, channel: CHAT, presence: HERE });
  bob.ws.close(1000);
  await bob.expectClosed(1000);
  await gateway.until('kittiwake_presence_members', 0);
  await gateway.until('kittiwake_memberships', 1);
  const listed = await gateway.api('/v1/presence', { channel: CHAT });
  assert.deepEqual(listed.body, { members: [] });
});

test('[S6][E4] a continued session takes its presence over on another gateway without flicker', async t => {
  const clock = createFakeClock();
  const [one, two] = await startGateways(t, 2, { world: createWorld(clock) });
  const watcher = await two.connect('watcher');
  await watcher.ask({ type: 'join', channel: CHAT }, 'joined');
  const alice = await one.connect('alice');
  await alice.ask({ type: 'join', channel: CHAT, presence: HERE }, 'joined');
  await watcher.expectMessage('presence-diff');
  const again = await two.connect('alice', { session: alice.connected.session });
  assert.equal(again.connected.session, alice.connected.session);
  await alice.expectClosed(4409);
  await again.ask({ type: 'join', channel: CHAT, presence: HERE }, 'joined');
  await clock.run(60_000);
  await watcher.roundTrip();
  const diffs = watcher.received.filter(message => message.type === 'presence-diff');
  assert.deepEqual(
    diffs.flatMap(diff => diff.left),
    [],
  );
  const listed = await two.api('/v1/presence', { channel: CHAT });
  assert.deepEqual(listed.body, {
    members: [{ member: alice.connected.session, user: 'alice', data: HERE }],
  });
});

test('[S6][E5] a continued session that does not come back to a channel does not haunt it', async t => {
  const clock = createFakeClock();
  const [one, two] = await startGateways(t, 2, { world: createWorld(clock) });
  const alice = await one.connect('alice');
  await alice.ask({ type: 'join', channel: CHAT, presence: HERE }, 'joined');
  await two.connect('alice', { session: alice.connected.session });
  await alice.expectClosed(4409);
  await clock.run(11_000);
  const listed = await two.api('/v1/presence', { channel: CHAT });
  assert.deepEqual(listed.body, { members: [] });
});

test('[E2][A6] who may not see presence is told nothing of it', async t => {
  const gateway = await startGateway(t);
  const bob = await gateway.connect('bob', { grants: { join: ['**'] } });
  const alice = await gateway.connect('alice');
  await bob.ask({ type: 'join', channel: CHAT }, 'joined');
  await alice.ask({ type: 'join', channel: CHAT, presence: HERE }, 'joined');
  await alice.expectMessage('presence-diff');
  await bob.roundTrip();
  assert.deepEqual(
    bob.received.map(message => message.type),
    ['connected', 'joined', 'pong'],
  );
});
