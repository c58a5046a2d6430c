import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durable } from '../src/durable.ts';
import { REMEMBERED_MS } from './fake-log.ts';
import { MemoryDisk } from './memory-store.ts';
import { CHANNEL, EVENT, links, producing, sequences, stored } from './producing.ts';

test('[K16] a number that was skipped is not told as lost by a failover that takes what is behind it', async () => {
  const world = await producing({ queue: { messagesMax: 1 } });
  const publish = async (data: string): Promise<string> => {
    const outcome = world.publish(data);
    await world.clock.run(50);
    return outcome;
  };
  assert.equal(await publish('one'), 'acked');
  world.gateway.refusals.set('publish', 'forbidden');
  assert.equal(await publish('two'), 'rejected forbidden');
  world.gateway.refusals.clear();
  for (const data of ['three', 'four']) assert.equal(await publish(data), 'acked');
  world.gateway.failover(CHANNEL, 'b', 2);
  assert.equal(await publish('five'), 'acked');
  await world.clock.run(200);
  assert.deepEqual(stored(world), ['one', 'four', 'five']);
  assert.deepEqual(world.told, ['lost sequence_gap 3-3', 'four acked']);
  assert.deepEqual(links(world).slice(-3), ['5>4', '4>1', '5>4']);
});

test('[K16] what a failover lost is sent again from the number that is expected, in order', async () => {
  const world = await producing();
  const first = ['one', 'two', 'three'].map(world.publish);
  await world.clock.run(100);
  assert.deepEqual(await Promise.all(first), ['acked', 'acked', 'acked']);
  world.gateway.failover(CHANNEL, 'b', 2);
  const next = ['four', 'five'].map(world.publish);
  await world.clock.run(200);
  assert.deepEqual(await Promise.all(next), ['acked', 'acked']);
  assert.deepEqual(stored(world), ['one', 'two', 'three', 'four', 'five']);
  assert.deepEqual(sequences(world), [1, 2, 3, 4, 5, 2, 3, 4, 5]);
  assert.deepEqual(world.told, ['two acked', 'three acked']);
});

test('[K16] what is not held any more is told, and its number is skipped', async () => {
  const world = await producing({ queue: { messagesMax: 2 } });
  for (const data of ['one', 'two', 'three', 'four']) {
    const outcome = world.publish(data);
    await world.clock.run(50);
    assert.equal(await outcome, 'acked');
  }
  world.gateway.failover(CHANNEL, 'b', 2);
  const next = world.publish('five');
  await world.clock.run(200);
  assert.equal(await next, 'acked');
  assert.deepEqual(stored(world), ['one', 'three', 'four', 'five']);
  assert.deepEqual(world.told, ['lost sequence_gap 2-2', 'three acked', 'four acked']);
  assert.deepEqual(links(world).slice(-4), ['5>4', '3>1', '4>3', '5>4']);
});

for (const when of ['before', 'after'] as const) {
  test(`[K16] a copy that was on its way while its number was refused is stored once, and takes no other's number: it comes ${when} the next one`, async () => {
    const world = await producing();
    const [one, two] = [world.publish('one'), world.channel.publish(EVENT, 'two', { ack: 'replicated' })];
    await world.clock.run(100);
    assert.deepEqual([await one, (await two).outcome], ['acked', 'replicated']);
    // Number 3 goes to a gateway whose connection hangs, and is sent again after the failover that lost number 2.
    world.gateway.deaf.add('publish');
    const three = world.publish('three');
    await world.clock.run(10);
    world.gateway.failover(CHANNEL, 'b', 2);
    world.gateway.deaf.clear();
    await world.clock.run(10_000);
    assert.equal(await three, 'acked');
    assert.deepEqual(links(world), ['1>0', '2>1', '3>2', '3>2', '3>1']);
    if (when === 'before') assert.equal(world.gateway.arrive(), 1);
    const four = world.publish('four');
    await world.clock.run(100);
    assert.equal(await four, 'acked');
    assert.equal(world.gateway.arrive(), when === 'before' ? 0 : 1);
    const five = world.publish('five');
    await world.clock.run(100);
    assert.equal(await five, 'acked');
    assert.deepEqual(stored(world), ['one', 'three', 'four', 'five']);
    assert.deepEqual(world.told, ['lost sequence_gap 2-2']);
  });
}

test('[K16] what was told to be unknown, and is stored late, is not overwritten by the next one', async () => {
  const world = await producing();
  world.gateway.deaf.add('publish');
  const one = world.publish('one');
  await world.clock.run(10);
  world.network.cut();
  world.gateway.deaf.clear();
  world.gateway.refusals.set('publish', 'forbidden');
  await world.clock.run(3_000);
  assert.equal(await one, 'unknown forbidden');
  world.gateway.refusals.clear();
  world.gateway.arrive();
  const two = world.publish('two');
  await world.clock.run(100);
  assert.equal(await two, 'acked');
  assert.deepEqual(stored(world), ['one', 'two']);
  assert.deepEqual([links(world), world.told], [['1>0', '1>0', '2>1'], []]);
});

test('[K16] several that wait behind a gap keep their numbers, whatever comes late in between', async () => {
  const world = await producing({ queue: { messagesMax: 4 } });
  for (const data of ['one', 'two', 'three', 'four', 'five', 'six']) {
    const outcome = world.publish(data);
    await world.clock.run(50);
    assert.equal(await outcome, 'acked');
  }
  world.gateway.failover(CHANNEL, 'b', 2);
  const seven = world.publish('seven');
  await world.clock.run(8);
  world.network.cut();
  await world.clock.run(5_000);
  assert.equal(await seven, 'acked');
  assert.deepEqual(stored(world), ['one', 'three', 'four', 'five', 'six', 'seven']);
  assert.deepEqual(world.told, [
    'lost sequence_gap 2-2',
    ...['three', 'four', 'five', 'six'].map(data => `${data} acked`),
  ]);
});

test('[K16] a gateway that is too old for skipped numbers is asked again, until one is there that is not', async () => {
  const world = await producing();
  world.gateway.refusals.set('publish', 'forbidden');
  const one = world.publish('one');
  await world.clock.run(50);
  assert.equal(await one, 'rejected forbidden');
  world.gateway.refusals.clear();
  world.gateway.answers.set('publish', { kind: 'sequence_gap', expectedSequence: 1 });
  const two = world.publish('two');
  await world.clock.run(5_000);
  assert.ok(links(world).length > 2 && links(world).length < 12, 'again, and ever more slowly');
  world.gateway.answers.clear();
  await world.clock.run(20_000);
  assert.equal(await two, 'acked');
  assert.deepEqual([stored(world), world.told], [['two'], []]);
});

test('[K16] a life of which a failover lost everything is told, and goes on', async () => {
  const world = await producing();
  const outcomes = ['one', 'two', 'three'].map(world.publish);
  await world.clock.run(100);
  assert.deepEqual(await Promise.all(outcomes), ['acked', 'acked', 'acked']);
  world.gateway.failover(CHANNEL, 'b', 1);
  const next = ['four', 'five'].map(world.publish);
  await world.clock.run(100);
  assert.deepEqual(await Promise.all(next), ['acked', 'acked']);
  assert.deepEqual(stored(world), ['four', 'five']);
  assert.deepEqual(world.told, ['lost sequence_gap 1-3']);
  assert.deepEqual(links(world).slice(3), ['4>3', '5>4', '4>0', '5>4']);
});

test('[K16] what the channel has forgotten by its age is not told as lost, and what is lost after that is', async () => {
  const world = await producing();
  const publish = async (data: string): Promise<string> => {
    const outcome = world.publish(data);
    await world.clock.run(100);
    return outcome;
  };
  for (const data of ['one', 'two']) assert.equal(await publish(data), 'acked');
  await world.clock.run(REMEMBERED_MS);
  world.gateway.forget(CHANNEL);
  assert.equal(await publish('three'), 'acked');
  assert.deepEqual([stored(world), world.told], [['one', 'two', 'three'], []]);
  world.gateway.failover(CHANNEL, 'b', 3);
  assert.equal(await publish('four'), 'acked');
  assert.deepEqual([stored(world), world.told], [['one', 'two', 'four'], ['lost sequence_gap 3-3']]);
});

test('[K14, K16] the next life hears of what a failover lost of the one before', async () => {
  const disk = new MemoryDisk();
  const first = await producing({ store: durable(disk.store()) });
  const outcomes = ['one', 'two'].map(first.publish);
  await first.clock.run(100);
  assert.deepEqual(await Promise.all(outcomes), ['acked', 'acked']);
  first.network.cut();
  first.network.dials = 'hang';
  disk.crash();
  first.gateway.failover(CHANNEL, 'b', 1);
  const { clock, gateway } = first;
  const second = await producing({ store: durable(disk.store()), clock, gateway, seed: 2 });
  const three = second.publish('three');
  await clock.run(100);
  assert.equal(await three, 'acked');
  assert.deepEqual(second.told, ['lost sequence_gap 1-2']);
  assert.deepEqual([stored(second), links(second).slice(2)], [['three'], ['3>2', '3>0']]);
});

/** The process ends, and a failover loses everything before the next one publishes; gives what that one is told. */
async function lifeAfterALoss(first: Awaited<ReturnType<typeof producing>>, disk: MemoryDisk) {
  first.network.cut();
  first.network.dials = 'hang';
  disk.crash();
  const { clock, gateway } = first;
  gateway.failover(CHANNEL, 'b', 1);
  const second = await producing({ store: durable(disk.store()), clock, gateway, seed: 2 });
  const next = second.publish('next');
  await clock.run(200);
  assert.equal(await next, 'acked');
  return second;
}

test('[K14, K16] the next life hears of a loss also where it still holds what was acknowledged with it', async () => {
  const disk = new MemoryDisk();
  const first = await producing({ store: durable(disk.store()) });
  const outcomes = ['one', 'two'].map(first.publish);
  await first.clock.run(1);
  // Both have their numbers, and neither has its answer.
  const two = [...disk.records].filter(([, record]) => record.includes('"two"'));
  await first.clock.run(100);
  assert.deepEqual(await Promise.all(outcomes), ['acked', 'acked']);
  // The process died before its disk had forgotten the second.
  for (const [id, record] of two) disk.records.set(id, record);
  const second = await lifeAfterALoss(first, disk);
  assert.deepEqual(stored(second), ['two', 'next']);
  assert.deepEqual(second.told, ['lost sequence_gap 1-1', 'two acked']);
});

test('[K14, K16] the next life hears of a loss also where what was acknowledged had waited for long', async () => {
  const disk = new MemoryDisk();
  const first = await producing({ store: durable(disk.store()) });
  first.gateway.deaf.add('publish');
  void first.publish('one');
  await first.clock.run(REMEMBERED_MS);
  first.gateway.deaf.clear();
  await first.clock.run(60_000);
  assert.equal(first.told.at(-1), 'one acked');
  const second = await lifeAfterALoss(first, disk);
  assert.deepEqual([stored(second), second.told], [['next'], ['lost sequence_gap 1-1']]);
});

test('[K16] what was acknowledged as replicated is not held', async () => {
  const world = await producing();
  const outcome = world.channel.publish(EVENT, 'one', { ack: 'replicated' });
  const second = world.publish('two');
  await world.clock.run(100);
  assert.deepEqual([(await outcome).outcome, await second], ['replicated', 'acked']);
  world.gateway.failover(CHANNEL, 'b', 2);
  void world.publish('three');
  await world.clock.run(100);
  assert.deepEqual([stored(world), world.told], [['one', 'two', 'three'], ['two acked']]);
});
