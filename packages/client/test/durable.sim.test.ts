import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connected, crash, describe, live, run, stored } from './lives.ts';
import { MemoryDisk } from './memory-store.ts';

test('[K14] what was published offline is sent by the next life, in order and with the same keys', async () => {
  const disk = new MemoryDisk();
  const first = live(disk);
  first.network.dials = 'refuse';
  first.client.connect();
  for (const data of ['one', 'two', 'three']) void first.publish(data);
  await run(first.clock, 100);
  const keys = [...disk.records.keys()].map(id => id.split(' ').at(-1));
  crash(first, disk);
  const second = connected(disk, first);
  await run(second.clock);
  assert.deepEqual(stored(second), ['one', 'two', 'three']);
  assert.deepEqual(second.told, ['one acked', 'two acked', 'three acked']);
  assert.deepEqual(
    second.gateway.heard('publish').map(({ key }) => key),
    keys,
  );
  assert.equal(disk.records.size, 0);
});

test('[K14] nothing is sent before the store has it', async () => {
  const disk = new MemoryDisk();
  const world = connected(disk);
  await run(world.clock, 100);
  disk.hold();
  const outcome = world.publish('one');
  await run(world.clock, 1_000);
  assert.equal(world.gateway.heard('publish').length, 0);
  disk.release();
  await run(world.clock, 100);
  assert.equal((await outcome).outcome, 'acked');
  assert.equal(disk.records.size, 0);
});

test('[K14] an answer that was lost with the process is asked for again, and stored once', async () => {
  const disk = new MemoryDisk();
  const first = connected(disk);
  await run(first.clock, 100);
  void first.publish('one');
  await run(first.clock, 6);
  assert.deepEqual(stored(first), ['one']);
  crash(first, disk);
  const second = connected(disk, first);
  await run(second.clock);
  assert.deepEqual([stored(second), second.told], [['one'], ['one acked']]);
});

test('[K14] what cannot be kept is refused, told, and never sent', async () => {
  const disk = new MemoryDisk();
  const world = connected(disk);
  await run(world.clock, 100);
  disk.fails = { kind: 'store_full', message: 'the disk is full' };
  assert.equal(describe(await world.publish('one')), 'rejected store_full');
  assert.deepEqual([world.told.slice(0, 1), world.gateway.heard('publish')], [['error store_full'], []]);
  disk.fails = undefined;
  const outcome = world.publish('two');
  await run(world.clock, 100);
  assert.equal((await outcome).outcome, 'acked');
  assert.deepEqual(stored(world), ['two']);
});

test('[K14] what is too old by the wall clock is not sent, and nobody knows whether it was', async () => {
  const disk = new MemoryDisk();
  const first = live(disk, undefined, { queue: { ageMaxMs: 60_000 } });
  first.network.dials = 'refuse';
  first.client.connect();
  void first.publish('old');
  await run(first.clock, 40_000);
  void first.publish('young');
  await run(first.clock, 10);
  crash(first, disk);
  first.clock.jump(30_000);
  const second = connected(disk, first, { queue: { ageMaxMs: 60_000 } });
  await run(second.clock);
  assert.deepEqual(stored(second), ['young']);
  assert.deepEqual(second.told, ['old unknown expired', 'young acked']);
  assert.equal(disk.records.size, 0);
});

test('[K14] what is left counts within the bounds of the queue', async () => {
  const disk = new MemoryDisk();
  const first = live(disk);
  first.network.dials = 'refuse';
  first.client.connect();
  for (const data of ['one', 'two', 'three']) void first.publish(data);
  await run(first.clock, 100);
  crash(first, disk);
  const second = connected(disk, first, { queue: { messagesMax: 2 } });
  await run(second.clock);
  assert.deepEqual(stored(second), ['one', 'two']);
  assert.deepEqual(second.told, ['three unknown queue_full', 'one acked', 'two acked']);
});

test('[K14] what is published before the store was read goes behind what is left in it', async () => {
  const disk = new MemoryDisk();
  const first = live(disk);
  first.network.dials = 'refuse';
  first.client.connect();
  void first.publish('one');
  await run(first.clock, 100);
  crash(first, disk);
  const second = live(disk, first);
  void second.publish('two');
  second.client.connect();
  await run(second.clock);
  assert.deepEqual(stored(second), ['one', 'two']);
});

test('[K14] records that cannot be read are told, and the others are sent', async () => {
  const disk = new MemoryDisk();
  disk.records.set('publish chat:1 k', '{"kind":"publish","message":{"type":"join"}}');
  disk.records.set('other', 'nonsense');
  const world = live(disk);
  void world.publish('one');
  world.client.connect();
  await run(world.clock);
  assert.deepEqual([world.told, stored(world)], [['error store_damaged'], ['one']]);
});

test('[K14] send is never kept', async () => {
  const disk = new MemoryDisk();
  const world = connected(disk);
  await run(world.clock, 100);
  disk.hold();
  assert.equal(world.client.channel('chat:1').send('test:event:happened', 'fast'), true);
  await run(world.clock, 100);
  assert.deepEqual(stored(world), ['fast']);
});
