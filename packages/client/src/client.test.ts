import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectedWorld, createWorld } from '../test/connected-client.ts';

test('[K3] connects with a token, joins, and delivers publications', async () => {
  const { client, clock, gateway } = await connectedWorld();
  assert.equal(client.status.phase, 'connected');
  const channel = client.channel('chat:1');
  const seen: unknown[] = [];
  channel.onEvent('test:event:happened', ({ data }) => seen.push(data));
  const joined = channel.join();
  await clock.run(50);
  assert.deepEqual(await joined, { ok: true, value: undefined });
  gateway.publish('chat:1', 'one');
  gateway.publish('chat:1', 'two');
  await clock.run(50);
  assert.deepEqual(seen, ['one', 'two']);
  assert.deepEqual(channel.position, { offset: 2, epoch: 'a' });
});

test('[K12] nothing happens before connect, and no timer stays after close', async () => {
  const world = createWorld();
  assert.equal(world.clock.timers, 0);
  assert.equal(world.network.dialled, 0);
  world.client.connect();
  await world.clock.run(50);
  const channel = world.client.channel('chat:1');
  void channel.join();
  const published = channel.publish('test:event:happened', 1);
  const pinged = world.client.ping();
  world.client.close();
  world.client.close();
  assert.equal((await published).outcome, 'rejected');
  assert.equal((await pinged).ok, false);
  await world.clock.run(10);
  assert.equal(world.clock.timers, 0);
  assert.equal(world.network.live, 0);
});
