import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorMessage, Producer } from '@kittiwake/protocol';
import { createFakeClock } from '@kittiwake/testkit';
import { MemoryCluster } from '../../src/broker/memory/memory-cluster.ts';
import { createMemoryTier } from '../../src/broker/memory/memory-tier.ts';
import { CHAT, NOW, QUIET, SAFE, SEND, say } from '../support/say.ts';
import { type ConnectedPeer, createWorld, startGateway } from '../support/start-gateway.ts';

test('[P1] permission is asked before rate, and rate before schema; what is refused is not stored', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice', { grants: { join: ['**'], publish: ['chat:*', 'quiet:*'] } });
  const forbidden = await alice.ask({ type: 'publish', channel: NOW, event: SEND, data: 1 }, 'error');
  const unfit = await alice.ask({ type: 'publish', channel: CHAT, event: SEND, data: { text: 7 } }, 'error');
  for (const n of [1, 2]) await say(alice, QUIET, `message ${n}`);
  const limited = await alice.ask({ type: 'publish', channel: QUIET, event: SEND, data: 3 }, 'error');
  assert.deepEqual(
    [forbidden.kind, unfit.kind, limited.kind],
    ['forbidden', 'schema_violation', 'rate_limited'],
  );
  assert.match(unfit.path ?? '', /text/);
  assert.ok((limited.retryAfterMs ?? 0) > 0);
  const joined = await alice.ask({ type: 'join', channel: CHAT }, 'joined');
  assert.equal(joined.position.offset, 0);
});

test('[P1] who is no member publishes', async t => {
  const gateway = await startGateway(t);
  const [alice, bob] = [await gateway.connect('alice'), await gateway.connect('bob')];
  await bob.ask({ type: 'join', channel: CHAT }, 'joined');
  await say(alice, CHAT, 'from outside');
  await bob.expectPublications(CHAT, 1);
  assert.deepEqual(alice.offsets(CHAT), []);
});

test('[P2] an acknowledgement names the level that was asked for, and the default of the channel', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  const byDefault = await say(alice, CHAT, 'one');
  const replicated = await say(alice, CHAT, { text: 'two', ack: 'replicated' });
  const received = await say(alice, NOW, 'three');
  assert.deepEqual(
    [byDefault.level, replicated.level, received.level],
    ['primary', 'replicated', 'received'],
  );
  assert.equal(received.position, undefined, 'nobody waited for it');
});

test('[P3] the same key again stores nothing and is answered with the first position', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  await alice.ask({ type: 'join', channel: CHAT }, 'joined');
  const first = await say(alice, CHAT, { text: 'once', key: 'k-1' });
  const second = await say(alice, CHAT, { text: 'once', key: 'k-1' });
  await say(alice, CHAT, { text: 'another', key: 'k-2' });
  assert.equal(first.duplicate, undefined);
  assert.deepEqual([second.duplicate, second.position], [true, first.position]);
  await alice.expectPublications(CHAT, 2);
  assert.deepEqual(alice.offsets(CHAT), [1, 2]);
  const duplicates = await gateway.metric('kittiwake_publications_total', { result: 'duplicate' });
  assert.equal(duplicates, 1);
});

test('[P6] the gateway stamps user, member and time; what the client says of them does not count', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  await alice.ask({ type: 'join', channel: CHAT }, 'joined');
  const forged = { user: 'root', member: 'somebody', atMs: 1, position: { offset: 99, epoch: 'x' } };
  const message = { type: 'publish', channel: CHAT, event: SEND, data: { text: 'hi' }, ...forged };
  alice.sendRaw(JSON.stringify(message));
  const [publication] = await alice.expectPublications(CHAT, 1);
  assert.deepEqual(
    [publication?.user, publication?.member, publication?.position.offset],
    ['alice', alice.connected.session, 1],
  );
  assert.ok((publication?.atMs ?? 0) > 1_000_000_000_000);
});

test('[P6] a publication of a backend has neither user nor member', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  await alice.ask({ type: 'join', channel: CHAT }, 'joined');
  const answer = await gateway.api('/v1/publish', { channel: CHAT, event: SEND, data: { text: 'news' } });
  assert.equal(answer.status, 200);
  const [publication] = await alice.expectPublications(CHAT, 1);
  assert.deepEqual([publication?.user, publication?.member], [undefined, undefined]);
});

test('[P7] a publish without ref is answered only where it is refused', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  alice.send({ type: 'publish', channel: CHAT, event: SEND, data: { text: 'fine' } });
  alice.send({ type: 'publish', channel: CHAT, event: SEND, data: { text: 42 } });
  const error = await alice.expectError('schema_violation');
  assert.deepEqual([error.ref, error.channel], [undefined, CHAT]);
  await alice.roundTrip();
  assert.deepEqual(
    alice.received.map(message => message.type),
    ['connected', 'error', 'pong'],
  );
});

test('[P8] a number of a producer is stored once, and answered with the first position', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  await alice.ask({ type: 'join', channel: CHAT }, 'joined');
  const first = await say(alice, CHAT, { text: 'one', producer: numbered(1), key: 'k-1' });
  const again = await say(alice, CHAT, { text: 'one', producer: numbered(1), key: 'k-1' });
  const next = await say(alice, CHAT, { text: 'two', producer: numbered(2), key: 'k-1' });
  assert.deepEqual([first.duplicate, next.duplicate], [undefined, undefined]);
  assert.deepEqual([again.duplicate, again.position], [true, first.position]);
  await alice.expectPublications(CHAT, 2);
  assert.deepEqual(alice.offsets(CHAT), [1, 2]);
});

test('[P8] a duplicate whose position is forgotten is acknowledged without one', async t => {
  const clock = createFakeClock();
  const world = createWorld();
  const forgetful = new MemoryCluster({ clock, random: world.random });
  const gateway = await startGateway(t, { world, tier: createMemoryTier(forgetful, world) });
  const alice = await gateway.connect('alice');
  await say(alice, CHAT, { text: 'one', producer: numbered(1) });
  await clock.run(400_000);
  await say(alice, CHAT, { text: 'two', producer: numbered(2) });
  await clock.run(400_000);
  const again = await say(alice, CHAT, { text: 'one', producer: numbered(1) });
  assert.deepEqual([again.duplicate, again.position], [true, undefined]);
});

test('[P9] a publish of an earlier epoch is fenced, told so, and not counted as a failure of the broker', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  await say(alice, CHAT, { text: 'its next life', producer: { id: 'orders-1', epoch: 2, sequence: 1 } });
  const error = await publishNumbered(alice, numbered(1));
  assert.deepEqual([error.kind, error.retry, error.expectedSequence], ['fenced', 'never', undefined]);
  const api = await gateway.api('/v1/publish', {
    channel: CHAT,
    event: SEND,
    data: { text: 'late' },
    producer: numbered(1),
  });
  assert.equal(api.status, 409);
  const count = (result: string) => gateway.metric('kittiwake_publications_total', { result });
  assert.deepEqual([await count('fenced'), await count('failed')], [2, 0]);
});

test('[P10] a number that leaves a gap is refused with the one that is expected, over both doors', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  await say(alice, CHAT, { text: 'five', producer: numbered(5) });
  const error = await publishNumbered(alice, numbered(7));
  assert.deepEqual([error.kind, error.retry, error.expectedSequence], ['sequence_gap', 'now', 6]);
  const body = { channel: CHAT, event: SEND, data: { text: 'six' } };
  const gap = await gateway.api('/v1/publish', { ...body, producer: numbered(8) });
  assert.equal(gap.status, 409);
  assert.equal((gap.body as { readonly expectedSequence?: number }).expectedSequence, 6);
  const next = await gateway.api('/v1/publish', { ...body, producer: numbered(6) });
  assert.equal(next.status, 200);
  assert.equal(await gateway.metric('kittiwake_publications_total', { result: 'sequence_gap' }), 2);
  const skipping = await gateway.api('/v1/publish', { ...body, producer: { ...numbered(9), follows: 6 } });
  assert.equal(skipping.status, 200);
  assert.equal(
    (await say(alice, CHAT, { text: 'ten', producer: { ...numbered(12), follows: 9 } })).level,
    'primary',
  );
});

test('[P9] a publish that follows another in a life of which nothing is known is refused, and told how long one is remembered', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  const error = await publishNumbered(alice, { ...numbered(2), follows: 1 });
  assert.deepEqual([error.kind, error.expectedSequence, error.rememberedMs], ['sequence_gap', 1, 600_000]);
  assert.equal(
    (await say(alice, CHAT, { text: 'two', producer: { ...numbered(2), follows: 0 } })).level,
    'primary',
  );
});

test('[C11] where only what is replicated is shown, a publish is acknowledged as that whatever it asked for', async t => {
  const gateway = await startGateway(t);
  const alice = await gateway.connect('alice');
  await alice.ask({ type: 'join', channel: SAFE }, 'joined');
  const byDefault = await say(alice, SAFE, 'one');
  const primary = await say(alice, SAFE, { text: 'two', ack: 'primary' });
  const received = await say(alice, SAFE, { text: 'three', ack: 'received' });
  assert.deepEqual(
    [byDefault.level, primary.level, received.level],
    ['replicated', 'replicated', 'received'],
  );
  await alice.expectPublications(SAFE, 3);
  assert.equal(await gateway.metric('kittiwake_publications_total', { level: 'replicated' }), 2);
});

function numbered(sequence: number): Producer {
  return { id: 'orders-1', epoch: 1, sequence };
}

function publishNumbered(peer: ConnectedPeer, producer: Producer): Promise<ErrorMessage> {
  return peer.ask({ type: 'publish', channel: CHAT, event: SEND, data: { text: 'x' }, producer }, 'error');
}
