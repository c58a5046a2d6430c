import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connected, describe, live, run, stored } from './lives.ts';
import { MemoryDisk } from './memory-store.ts';

test('[K14] a store that another client has is refused until that is gone', async () => {
  const disk = new MemoryDisk();
  const first = connected(disk);
  const second = connected(disk, first);
  const refused = second.publish('one');
  await run(second.clock, 2_000);
  assert.equal(describe(await refused), 'rejected store_locked');
  assert.deepEqual(second.told, ['error store_locked']);
  first.client.close();
  const outcome = second.publish('two');
  await run(second.clock, 100);
  assert.equal((await outcome).outcome, 'acked');
});

test('[K12, K14] a store that is let go of a moment later is waited for, and not beyond close', async () => {
  const disk = new MemoryDisk();
  const first = connected(disk);
  const second = connected(disk, first);
  const outcome = second.publish('one');
  await run(second.clock, 500);
  first.client.close();
  await run(second.clock, 1_000);
  assert.equal((await outcome).outcome, 'acked');
  const third = connected(disk, first);
  await run(third.clock, 100);
  third.client.close();
  second.client.close();
  await run(third.clock, 10);
  assert.deepEqual([third.clock.timers, third.told], [0, ['error store_locked']]);
});

test('[K14] close leaves what waits to the next life, and says that nobody knows', async () => {
  const disk = new MemoryDisk();
  const first = live(disk);
  first.network.dials = 'refuse';
  first.client.connect();
  const outcome = first.publish('one');
  await run(first.clock, 100);
  first.client.close();
  assert.equal(describe(await outcome), 'unknown closed');
  await run(first.clock, 10);
  assert.equal(first.clock.timers, 0);
  const second = connected(disk, first);
  await run(second.clock);
  assert.deepEqual([stored(second), second.told], [['one'], ['one acked']]);
});

test('[K12, K14] a client that is closed while it opens its store takes nothing out of it', async () => {
  const disk = new MemoryDisk();
  const first = live(disk);
  first.network.dials = 'refuse';
  first.client.connect();
  void first.publish('one');
  await run(first.clock, 100);
  first.client.close();
  await run(first.clock, 10);
  const second = connected(disk, first);
  second.client.close();
  await run(second.clock, 10);
  assert.deepEqual([second.client.queued.messages, second.clock.timers, disk.records.size], [0, 0, 1]);
});

test('[K14] the same client that connects again takes up what it left', async () => {
  const disk = new MemoryDisk();
  const world = live(disk);
  world.network.dials = 'refuse';
  world.client.connect();
  void world.publish('one');
  await run(world.clock, 100);
  world.client.close();
  world.network.dials = 'accept';
  world.client.connect();
  await run(world.clock);
  assert.deepEqual([stored(world), world.told], [['one'], ['one acked']]);
});
