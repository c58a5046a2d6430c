import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durable } from '../src/durable.ts';
import { MemoryDisk } from './memory-store.ts';
import { links, producing, sequences, stored } from './producing.ts';

test('[K16] publishes carry number and key, and do not wait for each other’s answers', async () => {
  const world = await producing();
  const outcomes = ['one', 'two', 'three'].map(world.publish);
  await world.clock.run(6);
  assert.equal(world.gateway.heard('publish').length, 3);
  await world.clock.run(100);
  assert.deepEqual(await Promise.all(outcomes), ['acked', 'acked', 'acked']);
  const [first] = world.gateway.heard('publish');
  assert.deepEqual(first?.producer, { id: 'meter-7', epoch: 1, sequence: 1, follows: 0 });
  assert.equal(first?.key, 'meter-7/1/1');
  assert.deepEqual(
    [sequences(world), stored(world)],
    [
      [1, 2, 3],
      ['one', 'two', 'three'],
    ],
  );
});

test('[K16] answers that were lost are asked for with the same numbers', async () => {
  const world = await producing();
  const outcomes = ['one', 'two'].map(world.publish);
  await world.clock.run(6);
  world.network.cut();
  await world.clock.run(2_000);
  assert.deepEqual(await Promise.all(outcomes), ['acked', 'acked']);
  assert.deepEqual(
    [sequences(world), stored(world)],
    [
      [1, 2, 1, 2],
      ['one', 'two'],
    ],
  );
});

test('[K16] no answer in time is repeated with the same number, and nothing overtakes it', async () => {
  const world = await producing();
  world.gateway.deaf.add('publish');
  const outcomes = ['one', 'two'].map(world.publish);
  await world.clock.run(11_000);
  assert.deepEqual(sequences(world), [1, 2, 1, 2, 1, 2]);
  world.gateway.deaf.clear();
  await world.clock.run(6_000);
  assert.deepEqual(await Promise.all(outcomes), ['acked', 'acked']);
  assert.deepEqual(stored(world), ['one', 'two']);
});

test('[K16] the number of what is certainly not stored is skipped', async () => {
  const world = await producing();
  world.gateway.refusals.set('publish', 'forbidden');
  const refused = world.publish('one');
  await world.clock.run(50);
  assert.equal(await refused, 'rejected forbidden');
  world.gateway.refusals.clear();
  const next = world.publish('two');
  await world.clock.run(50);
  assert.equal(await next, 'acked');
  assert.deepEqual(links(world), ['1>0', '2>0']);
});

test('[K16] a broker that is away for a moment delays, and changes nothing', async () => {
  const world = await producing();
  world.gateway.refusals.set('publish', 'broker_unavailable');
  const outcomes = ['one', 'two'].map(world.publish);
  await world.clock.run(1_000);
  world.gateway.refusals.clear();
  await world.clock.run(10_000);
  assert.deepEqual(await Promise.all(outcomes), ['acked', 'acked']);
  assert.deepEqual(stored(world), ['one', 'two']);
});

test('[K16] what is given up in doubt is told as unknown, and its number is asked for until it is known', async () => {
  const world = await producing({ queue: { ageMaxMs: 12_000 } });
  world.gateway.deaf.add('publish');
  const first = world.publish('one');
  await world.clock.run(12_001);
  assert.equal(await first, 'unknown timeout');
  world.gateway.deaf.clear();
  await world.clock.run(5_000);
  assert.deepEqual(world.told, ['one acked']);
  const next = world.publish('two');
  await world.clock.run(100);
  assert.equal(await next, 'acked');
  assert.deepEqual(stored(world), ['one', 'two']);
});

test('[K16] fenced ends everything at once, and is told; of what was under way nobody knows', async () => {
  const world = await producing();
  const other = await producing({ clock: world.clock, gateway: world.gateway, epoch: 2, seed: 2 });
  const theirs = other.publish('theirs');
  await world.clock.run(50);
  assert.equal(await theirs, 'acked');
  const outcomes = ['one', 'two'].map(world.publish);
  await world.clock.run(50);
  assert.deepEqual(await Promise.all(outcomes), ['rejected fenced', 'unknown fenced']);
  assert.deepEqual(world.told, ['error fenced']);
  assert.equal(await world.publish('three'), 'rejected fenced');
  assert.equal(world.gateway.heard('publish').filter(({ producer }) => producer?.epoch === 1).length, 2);
});

test('[K16] a number that somebody else has used is fenced, never taken for our own', async () => {
  const world = await producing();
  const twin = await producing({ clock: world.clock, gateway: world.gateway, seed: 2 });
  const theirs = twin.publish('theirs');
  await world.clock.run(50);
  assert.equal(await theirs, 'acked');
  const ours = world.publish('ours');
  await world.clock.run(50);
  assert.equal(await ours, 'rejected fenced');
  assert.deepEqual([stored(world), world.told], [['theirs'], ['error fenced']]);
});

test('[K16] numbers ahead of ours are somebody else’s: fenced', async () => {
  const world = await producing();
  const twin = await producing({ clock: world.clock, gateway: world.gateway, seed: 2 });
  const ours = world.publish('ours');
  await world.clock.run(50);
  assert.equal(await ours, 'acked');
  world.gateway.answers.set('publish', { kind: 'sequence_gap', expectedSequence: 9 });
  const next = world.publish('next');
  await world.clock.run(50);
  assert.equal(await next, 'rejected fenced');
  assert.equal(twin.told.length, 0);
});

test('[K14, K16] numbers outlive the client', async () => {
  const disk = new MemoryDisk();
  const first = await producing({ store: durable(disk.store()) });
  const outcomes = ['one', 'two'].map(first.publish);
  await first.clock.run(100);
  assert.deepEqual(await Promise.all(outcomes), ['acked', 'acked']);
  void first.publish('three');
  void first.publish('four');
  await first.clock.run(6);
  assert.deepEqual(stored(first), ['one', 'two', 'three', 'four']);
  first.network.cut();
  first.network.dials = 'hang';
  disk.crash();
  const second = await producing({
    store: durable(disk.store()),
    clock: first.clock,
    gateway: first.gateway,
    seed: 2,
  });
  await second.clock.run(100);
  const last = second.publish('five');
  await second.clock.run(100);
  assert.equal(await last, 'acked');
  assert.deepEqual(stored(second), ['one', 'two', 'three', 'four', 'five']);
  assert.deepEqual(sequences(second), [1, 2, 3, 4, 3, 4, 5]);
  assert.deepEqual(second.told, ['three acked', 'four acked']);
});
