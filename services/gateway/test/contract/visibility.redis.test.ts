import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { ChannelName, Json, Position } from '@kittiwake/protocol';
import { type RedisServer, skipWithoutRedis, until } from '@kittiwake/testkit';
import type { HistoryPage, PublishCommand } from '../../src/broker/broker.ts';
import {
  type CountedTier,
  redisTier,
  startDocumentedRedis,
  startDocumentedReplica,
  urlOptions,
} from './redis-harness.ts';
import { newChannel, publishing, type RecordingHandler, recordingHandler } from './tier-harness.ts';

suite('visibility `replicated` on one Redis, before and after it has a replica', {
  skip: skipWithoutRedis(),
}, () => {
  test('[C11] without a replica nothing is shown: not live, not by a resume, not in a history', async t => {
    const world = await open(t);
    assert.equal(await world.publish('one'), 'unknown_outcome');
    assert.equal(await world.publish('two', { ack: 'received' }), 'unknown_outcome');
    assert.deepEqual(world.heard(), []);
    const newest = await world.read();
    assert.deepEqual([newest.head.offset, newest.publications], [0, []]);
    const resumed = await world.read({ ...newest.head, offset: 0 });
    assert.deepEqual([resumed.resume.outcome, resumed.publications], ['recovered', []]);
  });

  test('[C11] once a replica is there the next publication shows what was hidden, once and in order', async t => {
    const world = await open(t);
    for (const data of ['one', 'two']) assert.equal(await world.publish(data), 'unknown_outcome');
    await world.attachReplica();
    assert.equal(await world.publish('three'), 'replicated 3');
    await until(() => world.heard().length >= 3);
    assert.deepEqual(world.heard(), ['one', 'two', 'three']);
    assert.equal(await world.publish('four'), 'replicated 4');
    await until(() => world.heard().length >= 4);
    assert.deepEqual(await world.history(), ['one', 'two', 'three', 'four']);
    assert.deepEqual(world.heard(), ['one', 'two', 'three', 'four']);
  });

  test('[C11] once a replica is there the next read shows what was hidden, and does not wait for it', async t => {
    const world = await open(t);
    await world.publish('one');
    await world.attachReplica();
    assert.deepEqual(await world.history(), []);
    await until(() => world.heard().length === 1, { what: 'the read shows what it found' });
    assert.deepEqual(await world.history(), ['one']);
  });

  test('[C11] once a replica is there members are shown what was hidden, though nobody publishes or reads', async t => {
    const world = await open(t);
    assert.deepEqual(await world.history(), []);
    for (const data of ['one', 'two']) await world.publish(data);
    await world.attachReplica();
    await until(() => world.heard().length === 2, { timeoutMs: 10_000 });
    assert.deepEqual(world.heard(), ['one', 'two']);
  });

  test('[C11] a repetition of what is hidden shows it, and is acknowledged with the first position', async t => {
    const world = await open(t);
    const producer = { id: 'orders-1', epoch: 1, sequence: 5 };
    await Promise.all([world.publish('keyed', { key: 'a' }), world.publish('numbered', { producer })]);
    assert.equal(await world.publish('keyed', { key: 'a' }), 'unknown_outcome');
    await world.attachReplica();
    assert.equal(await world.publish('keyed', { key: 'a' }), 'replicated =1');
    assert.equal(await world.publish('numbered', { producer }), 'replicated =2');
    await until(() => world.heard().length === 2);
    assert.deepEqual(world.heard(), ['keyed', 'numbered']);
  });

  test('[C11] more than the history keeps is kept until it is shown, and shown in as many steps as it takes', async t => {
    const world = await open(t);
    const numbers = Array.from({ length: 1_200 }, (_, n) => n);
    const over = { history: { size: 10, ageMs: 60_000 } };
    const hidden = await Promise.all(numbers.map(n => world.publish(n, over)));
    assert.ok(hidden.every(outcome => outcome === 'unknown_outcome'));
    await world.attachReplica();
    assert.equal(await world.publish('last', over), 'replicated 1201');
    await until(() => world.heard().length === 1_201);
    assert.deepEqual(world.heard(), [...numbers, 'last']);
    for (let n = 0; n < 100; n += 1) await world.publish('small again', over);
    assert.ok((await world.history()).length < 250, 'the history is cut to its size again');
  });

  test('[C11] what is hidden for longer than the history keeps is shown all the same', async t => {
    const world = await open(t);
    const over = { history: { size: 10, ageMs: 200 } };
    await Promise.all(Array.from({ length: 15 }, (_, n) => world.publish(n + 1, over)));
    // The sixteenth takes what is too old from the history, but for what is hidden.
    assert.equal(await world.publish(16, over), 'unknown_outcome');
    await world.attachReplica();
    assert.equal(await world.publish(17, over), 'replicated 17');
    await until(() => world.heard().length === 17);
    assert.deepEqual(world.heard()[0], 1);
    const ttl = await world.server.command('PTTL', `kw:{${world.channel}}:history`);
    assert.ok(Number(ttl) <= 200, 'the history is kept for its age again');
  });

  test('[C11] who hides too much is refused, and welcome again once it is shown', async t => {
    const world = await open(t);
    await world.publish('hidden');
    await world.server.command('HINCRBY', `kw:{${world.channel}}:state`, 'offset', '10000');
    assert.equal(await world.publish('one too many'), 'broker_unavailable');
    await world.attachReplica();
    await until(async () => (await world.publish('welcome', { key: 'a' })).startsWith('replicated'));
  });

  test('[C11] a channel that hides no more shows all it has, in order', async t => {
    const world = await open(t);
    await world.publish('hidden');
    assert.equal(await world.publish('at once', { visibility: 'stored' }), 'primary 2');
    assert.deepEqual(await world.history(), ['hidden', 'at once']);
    const page = await world.read({ ...(await world.read()).head, offset: 0 });
    assert.deepEqual([page.resume.outcome, page.publications.length], ['recovered', 2]);
  });

  test('[C11] a channel that begins to hide goes on showing what it has shown', async t => {
    const world = await open(t);
    for (const data of ['one', 'two']) await world.publish(data, { visibility: 'stored' });
    await world.publish('hidden');
    assert.deepEqual(await world.history(), ['one', 'two']);
    await world.attachReplica();
    assert.equal(await world.publish('four'), 'replicated 4');
    assert.deepEqual(await world.history(), ['one', 'two', 'hidden', 'four']);
    await until(() => world.heard().length === 4);
    assert.deepEqual(world.heard(), ['one', 'two', 'hidden', 'four']);
  });

  test('[C11] who holds what is hidden again, as after a failover, keeps it and is not given it twice', async t => {
    const world = await open(t);
    for (const data of ['one', 'two', 'three']) await world.publish(data, { visibility: 'stored' });
    const { head } = await world.read();
    await world.server.command('HSET', `kw:{${world.channel}}:state`, 'shown', '1');
    const whole = await world.read(head);
    assert.deepEqual([whole.resume.outcome, whole.publications, whole.head], ['recovered', [], head]);
    const behind = await world.read({ ...head, offset: 1 });
    assert.deepEqual([behind.resume.outcome, behind.publications, behind.head.offset], ['recovered', [], 1]);
    assert.deepEqual(await world.history(), ['one']);
  });
});

/** A gateway over a server of its own, subscribed to a channel that shows what is replicated. */
async function open(t: TestContext) {
  const server = await startDocumentedRedis();
  const gateway = redisTier(urlOptions(server));
  const handler = recordingHandler();
  const channel = newChannel();
  t.after(async () => {
    await gateway.broker.stop();
    await server.stop();
  });
  await gateway.broker.start(handler);
  await gateway.broker.subscribe(channel);
  return {
    server,
    channel,
    publish: publisher(gateway, channel),
    ...reader(gateway, channel, handler),
    async attachReplica(): Promise<void> {
      const replica = await startDocumentedReplica(server);
      t.after(() => replica.stop());
      await until(() => hasReplica(server), { timeoutMs: 10_000, what: 'the replica follows' });
    },
  };
}

/** Publishes and tells how it ended: `replicated 3`, `replicated =3` for the duplicate of it, or the kind of failure. */
function publisher({ broker }: CountedTier, channel: ChannelName) {
  return async (data: Json, over: Partial<PublishCommand> = {}): Promise<string> => {
    const published = await broker.publish(publishing(channel, data, { visibility: 'replicated', ...over }));
    if (!published.ok) return published.error.kind;
    const { level, duplicate, position } = published.value;
    return `${level} ${duplicate ? '=' : ''}${position?.offset}`;
  };
}

function reader({ broker }: CountedTier, channel: ChannelName, handler: RecordingHandler) {
  const read = async (since?: Position): Promise<HistoryPage> => {
    const page = await broker.read(channel, { ...(since !== undefined && { since }), limit: 1_000 });
    assert.ok(page.ok);
    return page.value;
  };
  return {
    read,
    history: async (): Promise<readonly Json[]> => (await read()).publications.map(one => one.data),
    heard: (): readonly Json[] => handler.publications.map(one => one.data),
  };
}

async function hasReplica(server: RedisServer): Promise<boolean> {
  return (await server.command('INFO', 'replication')).includes('state=online');
}
