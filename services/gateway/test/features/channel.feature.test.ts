import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHAT, LONG, OPEN, SHORT, say, sayMany, texts } from '../support/say.ts';
import { startGateway, startGateways } from '../support/start-gateway.ts';

test('[C1] joined says where the channel stands', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  await say(alice, CHAT, 'one');
  const joined = await alice.ask({ type: 'join', channel: CHAT }, 'joined');
  assert.equal(joined.position.offset, 1);
  assert.deepEqual(joined.resume, { outcome: 'fresh' });
});

test('[C1] joining twice is refused, and the session stays a member', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  await alice.ask({ type: 'join', channel: CHAT }, 'joined');
  const error = await alice.ask({ type: 'join', channel: CHAT }, 'error');
  assert.deepEqual([error.kind, error.channel], ['already_joined', CHAT]);
  await say(alice, CHAT, 'one');
  await alice.expectPublications(CHAT, 1);
});

test('[L5] a session that is in as many channels as it may be joins no further one', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  for (const n of [1, 2, 3, 4])
    await alice.ask({ type: 'join', channel: `long:${n}` as typeof LONG }, 'joined');
  const error = await alice.ask({ type: 'join', channel: CHAT }, 'error');
  assert.equal(error.kind, 'too_many_channels');
  await alice.ask({ type: 'leave', channel: LONG }, 'left');
  await alice.ask({ type: 'join', channel: CHAT }, 'joined');
});

test('[C2] what a resume owes follows joined, then what is live, with nothing missing or twice', async t => {
  const [one, two] = await startGateways(t, 2);
  const [alice, bob] = [await one.connect('alice'), await two.connect('bob')];
  const first = await say(alice, CHAT, 'message 0');
  const flood = sayMany(alice, CHAT, 50);
  const joined = await bob.ask({ type: 'join', channel: CHAT, ...at(first) }, 'joined');
  await flood;
  const publications = await bob.expectPublications(CHAT, 50);
  assert.equal(joined.resume.outcome, 'recovered');
  assert.deepEqual(
    publications.map(({ position }) => position.offset),
    Array.from({ length: 50 }, (_, index) => index + 2),
  );
  assert.ok(
    bob.received.indexOf(joined) < bob.received.findIndex(message => message.type === 'publication'),
    'joined comes first',
  );
});

test('[C3] a history that is no longer kept is said to be trimmed, and the rest follows', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  const first = await say(alice, SHORT, 'one');
  await sayMany(alice, SHORT, 5);
  const joined = await alice.ask({ type: 'join', channel: SHORT, ...at(first) }, 'joined');
  assert.deepEqual(joined.resume, { outcome: 'trimmed', firstOffset: 4 });
  await alice.expectPublications(SHORT, 3);
  assert.deepEqual(alice.offsets(SHORT), [4, 5, 6]);
});

test('[C4] a publication carries the epoch of the history that wrote it', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  await alice.ask({ type: 'join', channel: CHAT }, 'joined');
  const before = await say(alice, CHAT, 'before');
  gateway.world.cluster.failOver(0);
  const after = await say(alice, CHAT, 'after');
  const [first, second] = await alice.expectPublications(CHAT, 2);
  assert.deepEqual([first?.position, second?.position], [before.position, after.position]);
  assert.notEqual(before.position?.epoch, after.position?.epoch);
});

test('[C4][C3] a position of a history that was lost is answered with where it parted', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  await sayMany(alice, CHAT, 3);
  const lost = await say(alice, CHAT, 'lost');
  gateway.world.cluster.failOver(1);
  await say(alice, CHAT, 'instead');
  const joined = await alice.ask({ type: 'join', channel: CHAT, ...at(lost) }, 'joined');
  assert.deepEqual(joined.resume, { outcome: 'truncated', divergedAt: 4 });
  assert.deepEqual(texts(await alice.expectPublications(CHAT, 1)), ['instead']);
});

test('[C5] members of two gateways see one order', async t => {
  const [one, two] = await startGateways(t, 2);
  const [alice, bob] = [await one.connect('alice'), await two.connect('bob', { format: 'msgpack' })];
  for (const peer of [alice, bob]) await peer.ask({ type: 'join', channel: CHAT }, 'joined');
  await Promise.all([sayMany(alice, CHAT, 20), sayMany(bob, CHAT, 20)]);
  const seen = [await alice.expectPublications(CHAT, 40), await bob.expectPublications(CHAT, 40)];
  assert.deepEqual(texts(seen[0] ?? []), texts(seen[1] ?? []));
  assert.deepEqual(
    alice.offsets(CHAT),
    Array.from({ length: 40 }, (_, index) => index + 1),
  );
});

test('[C6] members that stayed connected are told what a failover lost', async t => {
  const [one, two] = await startGateways(t, 2);
  const [alice, bob] = [await one.connect('alice'), await two.connect('bob')];
  for (const peer of [alice, bob]) await peer.ask({ type: 'join', channel: CHAT }, 'joined');
  await sayMany(alice, CHAT, 3);
  await bob.expectPublications(CHAT, 3);
  one.world.cluster.failOver(2);
  for (const peer of [alice, bob]) {
    const truncated = await peer.expectMessage('truncated');
    assert.deepEqual(truncated.resume, { outcome: 'truncated', divergedAt: 2 });
  }
  await say(alice, CHAT, 'instead');
  assert.deepEqual(texts((await bob.expectPublications(CHAT, 4)).slice(3)), ['instead']);
  assert.equal(await two.metric('kittiwake_gaps_total', { result: 'signalled' }), 1);
});

test('[C10] an epoch that was lost as a whole is answered exactly, to members and to who comes back', async t => {
  const [one, two] = await startGateways(t, 2);
  const [alice, bob] = [await one.connect('alice'), await two.connect('bob')];
  for (const peer of [alice, bob]) await peer.ask({ type: 'join', channel: CHAT }, 'joined');
  await sayMany(alice, CHAT, 3);
  one.world.cluster.failOver(0);
  await sayMany(alice, CHAT, 2);
  const held = await bob.expectPublications(CHAT, 5);
  bob.break();
  one.world.cluster.failOver(2);
  await say(alice, CHAT, 'instead');
  const parted = { outcome: 'truncated', divergedAt: 4 };
  assert.deepEqual((await alice.expectMessage('truncated')).resume, parted);
  const chain = [held[0], held[3]].map(one => ({
    epoch: one?.position.epoch ?? '',
    start: one?.position.offset ?? 0,
  }));
  const back = await one.connect('bob');
  const joined = await back.ask({ type: 'join', channel: CHAT, ...at(held[4] ?? {}), chain }, 'joined');
  assert.deepEqual(joined.resume, parted);
  assert.deepEqual(texts(await back.expectPublications(CHAT, 1)), ['instead']);
});

test('[C7] nothing of a channel follows left', async t => {
  const [one, two] = await startGateways(t, 2);
  const [alice, bob] = [await one.connect('alice'), await two.connect('bob')];
  await bob.ask({ type: 'join', channel: CHAT, presence: { mood: 'here' } }, 'joined');
  const flood = sayMany(alice, CHAT, 30);
  const left = await bob.ask({ type: 'leave', channel: CHAT }, 'left');
  await flood;
  await bob.roundTrip();
  const after = bob.received.slice(bob.received.indexOf(left) + 1);
  assert.deepEqual(
    after.map(message => message.type),
    ['pong'],
  );
});

test('[C7] a leave that comes while the join is under way is answered after it', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  const joining = alice.ask({ type: 'join', channel: CHAT, presence: { mood: 'short' } }, 'joined');
  const leaving = alice.ask({ type: 'leave', channel: CHAT }, 'left');
  const [joined, left] = [await joining, await leaving];
  assert.ok(alice.received.indexOf(joined) < alice.received.indexOf(left));
  await say(alice, CHAT, 'to nobody');
  assert.deepEqual(alice.offsets(CHAT), []);
  assert.equal(await gateway.metric('kittiwake_channels'), 0);
});

test('[C8] a channel that no pattern matches is unknown', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  const nowhere = 'nowhere:1' as typeof CHAT;
  const refused = [
    await alice.ask({ type: 'join', channel: nowhere }, 'error'),
    await alice.ask({ type: 'publish', channel: nowhere, event: 'a:b:c' as never, data: null }, 'error'),
    await alice.ask({ type: 'presence-set', channel: nowhere, data: null }, 'error'),
  ];
  for (const error of refused) assert.deepEqual([error.kind, error.channel], ['unknown_channel', nowhere]);
});

test('[C8] the first pattern that matches counts', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice', { grants: {} });
  const refused = await alice.ask(
    { type: 'publish', channel: OPEN, event: 'a:b:c' as never, data: 1 },
    'error',
  );
  assert.equal(refused.kind, 'forbidden', 'the first one lets nobody publish');
  const deeper = 'open:1:2' as typeof OPEN;
  await alice.ask({ type: 'publish', channel: deeper, event: 'a:b:c' as never, data: 1 }, 'ack');
});

test('[C9] an entry that every holder lost is reported, never passed over', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  await alice.ask({ type: 'join', channel: CHAT }, 'joined');
  await say(alice, CHAT, 'the only one');
  await alice.expectPublications(CHAT, 1);
  gateway.world.cluster.failOver(1);
  const { resume } = await alice.expectMessage('truncated');
  assert.deepEqual(resume, { outcome: 'unknown' }, 'nothing of what it knew is left to compare with');
});

test('[C2][X3] a history larger than the outbox reaches a client that reads, whole and in order', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  const bob = await gateway.connect('bob');
  const first = await say(alice, LONG, 'first');
  const large = 'x'.repeat(50_000);
  for (let n = 0; n < 100; n += 1) await say(alice, LONG, large);
  const joining = bob.ask({ type: 'join', channel: LONG, ...at(first) }, 'joined');
  await sayMany(alice, LONG, 20);
  const joined = await joining;
  assert.equal(joined.resume.outcome, 'recovered');
  await bob.expectPublications(LONG, 120);
  assert.deepEqual(
    bob.offsets(LONG),
    Array.from({ length: 120 }, (_, index) => index + 2),
  );
  assert.equal(await gateway.metric('kittiwake_outbox_overflows_total'), 0);
});

function at({ position }: { readonly position?: { readonly offset: number; readonly epoch: string } }) {
  assert.ok(position !== undefined);
  return { position };
}
