import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AckLevel } from '@kittiwake/protocol';
import type { ChannelStart } from '../src/channel/channel-port.ts';
import type { PublishOutcome } from '../src/publish/publish-outcome.ts';
import { connectedWorld, type World, type WorldOptions } from './connected-client.ts';

const EVENT = 'test:event:happened';
const CHANNEL = 'chat:1';

type Republishing = World & {
  readonly told: readonly string[];
  publish(data: string, ack?: AckLevel): Promise<PublishOutcome>;
};

/** A member whose channel publishes again what a truncation cuts off; `told` reads like `a2=one`, `truncated 2-2`, `one acked 3`. */
async function republishing(
  options: WorldOptions = {},
  start: ChannelStart = { republish: true },
): Promise<Republishing> {
  const world = await connectedWorld(options);
  const channel = world.client.channel(CHANNEL, start);
  // Something that no failover takes: a history of which nothing is left is unknown.
  world.gateway.publish(CHANNEL, 'zero');
  const told: string[] = [];
  channel.on('publication', ({ position, data }) => told.push(`${position.epoch}${position.offset}=${data}`));
  channel.onTruncated(({ from, to }) => told.push(`truncated ${from}-${to}`));
  channel.on('unknown', ({ from }) => told.push(`unknown ${from}`));
  channel.on('lost', ({ reason, from, to }) => told.push(`lost ${reason} ${from}-${to}`));
  world.client.on('settled', ({ data, outcome }) => {
    const where = 'position' in outcome ? ` ${outcome.position?.offset}` : '';
    told.push(`${data} ${outcome.outcome}${where}`);
  });
  void channel.join();
  await world.clock.run(50);
  const publish = (data: string, ack: AckLevel = 'primary'): Promise<PublishOutcome> =>
    channel.publish(EVENT, data, { ack });
  return { ...world, told, publish };
}

test('[K17] what a truncation cuts off is published again with its key, and seen in its new place', async () => {
  const world = await republishing();
  const outcome = world.publish('one');
  void world.publish('two');
  await world.clock.run(50);
  assert.equal((await outcome).outcome, 'acked');
  world.gateway.failover(CHANNEL, 'b', 3);
  world.gateway.publish(CHANNEL, 'theirs');
  world.gateway.doubt(CHANNEL);
  await world.clock.run(100);
  assert.deepEqual(world.told, ['a2=one', 'a3=two', 'truncated 3-3', 'b3=theirs', 'b4=two', 'two acked 4']);
  const keys = world.gateway.heard('publish').map(({ key }) => key);
  assert.deepEqual([keys.length, keys[2]], [3, keys[1]]);
});

test('[K17] at a resume it is the same', async () => {
  const world = await republishing();
  void world.publish('one');
  await world.clock.run(50);
  world.network.cut();
  world.gateway.failover(CHANNEL, 'b', 2);
  world.gateway.publish(CHANNEL, 'theirs');
  await world.clock.run(2_000);
  assert.deepEqual(world.told, ['a2=one', 'truncated 2-2', 'b2=theirs', 'b3=one', 'one acked 3']);
});

test('[K17] what was lost before it was ever seen is published again once its place is taken', async () => {
  const world = await republishing();
  world.network.fate = message => (message.type === 'publication' ? 'drop' : 'deliver');
  const outcome = world.publish('one');
  await world.clock.run(50);
  assert.equal((await outcome).outcome, 'acked');
  world.network.fate = () => 'deliver';
  world.network.cut();
  world.gateway.failover(CHANNEL, 'b', 2);
  world.gateway.publish(CHANNEL, 'theirs');
  await world.clock.run(2_000);
  assert.deepEqual(world.told, ['b2=theirs', 'b3=one', 'one acked 3']);
});

test('[K17] what was lost before it was ever seen is missed at the next join, though nothing takes its place', async () => {
  const world = await republishing();
  world.network.fate = message => (message.type === 'publication' ? 'drop' : 'deliver');
  void world.publish('one');
  await world.clock.run(50);
  world.network.fate = () => 'deliver';
  world.network.cut();
  world.gateway.failover(CHANNEL, 'b', 2);
  await world.clock.run(2_000);
  assert.deepEqual(world.told, ['b2=one', 'one acked 2']);
});

test('[K17] an acknowledgement that comes after its place was taken is noticed', async () => {
  const world = await republishing();
  world.gateway.deaf.add('publish');
  const outcome = world.publish('one');
  await world.clock.run(50);
  world.gateway.failover(CHANNEL, 'b', 2);
  world.gateway.publish(CHANNEL, 'theirs');
  await world.clock.run(50);
  const [publish] = world.gateway.heard('publish');
  assert.ok(publish?.ref !== undefined);
  world.gateway.deaf.clear();
  const { ref, channel } = publish;
  world.gateway.broadcast({
    type: 'ack',
    ref,
    channel,
    level: 'primary',
    position: { offset: 2, epoch: 'a' },
  });
  await world.clock.run(50);
  assert.equal((await outcome).outcome, 'acked');
  assert.deepEqual(world.told, ['b2=theirs', 'b3=one', 'one acked 3']);
});

test('[K17] neither what was replicated, nor what stands before the fork, nor what is of the new history', async () => {
  const world = await republishing();
  void world.publish('before');
  void world.publish('safe', 'replicated');
  await world.clock.run(50);
  world.gateway.failover(CHANNEL, 'b', 3);
  void world.publish('after');
  await world.clock.run(50);
  world.gateway.doubt(CHANNEL);
  await world.clock.run(100);
  assert.deepEqual(
    world.gateway.log(CHANNEL).map(({ data }) => data),
    ['zero', 'before', 'after'],
  );
  assert.equal(world.gateway.heard('publish').length, 3);
});

test('[K17] without the option nothing is published again, and the loss is told to who published', async () => {
  const world = await republishing({}, {});
  void world.publish('one');
  await world.clock.run(50);
  world.gateway.failover(CHANNEL, 'b', 2);
  world.gateway.publish(CHANNEL, 'theirs');
  await world.clock.run(100);
  assert.deepEqual(world.told, ['a2=one', 'truncated 2-2', 'lost truncated 2-2', 'b2=theirs']);
});

test('[K17] what is not held any more is told with the offsets between which it stood', async () => {
  const world = await republishing({ queue: { messagesMax: 1 } });
  for (const data of ['one', 'two', 'three']) {
    void world.publish(data);
    await world.clock.run(50);
  }
  world.gateway.failover(CHANNEL, 'b', 3);
  world.gateway.publish(CHANNEL, 'theirs');
  await world.clock.run(100);
  assert.deepEqual(world.told.slice(3), [
    'truncated 3-4',
    'lost truncated 3-3',
    'b3=theirs',
    'b4=three',
    'three acked 4',
  ]);
});

test('[K17] what is too old to be held is told as well', async () => {
  const world = await republishing({ queue: { ageMaxMs: 10_000 } });
  void world.publish('old');
  await world.clock.run(10_001);
  void world.publish('young');
  await world.clock.run(50);
  world.gateway.failover(CHANNEL, 'b', 2);
  world.gateway.doubt(CHANNEL);
  await world.clock.run(100);
  assert.deepEqual(world.told.slice(2), ['truncated 2-3', 'lost truncated 2-2', 'b2=young', 'young acked 2']);
});

test('[K17] in a history of which nothing is known, nobody knows: it is told, and nothing is published on a guess', async () => {
  const world = await republishing();
  void world.publish('one');
  await world.clock.run(50);
  world.network.cut();
  world.gateway.failover(CHANNEL, 'z', 0);
  await world.clock.run(2_000);
  assert.deepEqual(world.told, ['a2=one', 'unknown 3', 'lost unknown 2-2']);
});

test('[K16, K17] a producer sends again by its numbers, in order', async () => {
  const world = await republishing({}, { republish: true, producer: { id: 'meter', epoch: 1 } });
  for (const data of ['one', 'two', 'three']) void world.publish(data);
  await world.clock.run(100);
  world.gateway.failover(CHANNEL, 'b', 3);
  world.gateway.doubt(CHANNEL);
  await world.clock.run(200);
  assert.deepEqual(
    world.gateway.log(CHANNEL).map(({ data }) => data),
    ['zero', 'one', 'two', 'three'],
  );
  assert.deepEqual(
    world.gateway.heard('publish').map(({ producer }) => producer?.sequence),
    [1, 2, 3, 2, 3],
  );
});

test('[K16, K17] of a producer that sends again by a truncation all is told that is not held, also behind what it sends', async () => {
  const world = await republishing({}, { republish: true, producer: { id: 'meter', epoch: 1 } });
  for (const [at, data] of ['one', 'two', 'three', 'four', 'five'].entries())
    void world.publish(data, at % 2 === 0 ? 'primary' : 'replicated');
  await world.clock.run(200);
  world.gateway.failover(CHANNEL, 'b', 3);
  world.gateway.doubt(CHANNEL);
  await world.clock.run(200);
  assert.deepEqual(
    world.gateway.log(CHANNEL).map(({ data }) => data),
    ['zero', 'one', 'three', 'five'],
  );
  assert.deepEqual(
    world.told.filter(text => text.startsWith('lost')),
    ['lost sequence_gap 2-2', 'lost sequence_gap 4-4'],
  );
});
