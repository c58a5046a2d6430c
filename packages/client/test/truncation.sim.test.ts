import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectedWorld } from './connected-client.ts';
import { type JoinedWorld, joinedWorld } from './joined-world.ts';

/** A member that has seen a1–a3 and b4–b5. */
async function twoEpochs(): Promise<JoinedWorld> {
  const world = await joinedWorld();
  for (let index = 0; index < 3; index += 1) world.gateway.publish('chat:1');
  world.gateway.failover('chat:1', 'b', 4);
  for (let index = 0; index < 2; index += 1) world.gateway.publish('chat:1');
  await world.clock.run(50);
  assert.deepEqual(world.told, ['a1', 'a2', 'a3', 'b4', 'b5']);
  return world;
}

test('[C10] at a resume a newest epoch that was lost as a whole is rolled back to its first offset', async () => {
  const { network, gateway, clock, told, channel } = await twoEpochs();
  network.cut();
  gateway.failover('chat:1', 'c', 4);
  gateway.publish('chat:1');
  await clock.run(2_000);
  assert.deepEqual(told.slice(5), ['truncated 4-5', 'c4']);
  assert.deepEqual(gateway.heard('join').at(-1)?.chain, [
    { epoch: 'a', start: 1 },
    { epoch: 'b', start: 4 },
  ]);
  assert.deepEqual(channel.chain, [
    { epoch: 'a', start: 1 },
    { epoch: 'c', start: 4 },
  ]);
});

test('[C10] while joined a newest epoch that was lost as a whole is rolled back to its first offset', async () => {
  const { gateway, clock, told } = await twoEpochs();
  gateway.failover('chat:1', 'c', 4);
  gateway.publish('chat:1');
  gateway.doubt('chat:1');
  await clock.run(50);
  assert.deepEqual(told.slice(5), ['truncated 4-5', 'c4']);
});

test('[C10] what parted before the newest epoch is rolled back through both', async () => {
  const { gateway, clock, told, network } = await twoEpochs();
  network.cut();
  gateway.failover('chat:1', 'c', 2);
  gateway.publish('chat:1');
  await clock.run(2_000);
  assert.deepEqual(told.slice(5), ['truncated 2-5', 'c2']);
});

test('[C10] a chain that the application kept finds the place in its next life', async () => {
  const { client, gateway, clock, network, channel } = await twoEpochs();
  const { position, chain } = channel;
  assert.ok(position !== undefined && chain !== undefined);
  client.close();
  gateway.failover('chat:1', 'c', 4);
  gateway.publish('chat:1');
  const next = await connectedWorld({ transport: network, clock });
  const resumed = next.client.channel('chat:1', { position, chain });
  const rolledBack: string[] = [];
  resumed.onTruncated(({ from, to }) => rolledBack.push(`${from}-${to}`));
  void resumed.join();
  await clock.run(50);
  await next.clock.run(0);
  assert.deepEqual(rolledBack, ['4-5']);
  assert.deepEqual(resumed.position, { offset: 4, epoch: 'c' });
});

test('[C10] a truncation of what was never seen is no event, only resumed', async () => {
  const { gateway, clock, told, channel } = await twoEpochs();
  const resumed: string[] = [];
  channel.on('resumed', ({ outcome, replayed }) => resumed.push(`${outcome} ${replayed}`));
  const [publication] = gateway.log('chat:1');
  assert.ok(publication !== undefined);
  gateway.broadcast({
    type: 'truncated',
    channel: publication.channel,
    position: { offset: 6, epoch: 'c' },
    resume: { outcome: 'truncated', divergedAt: 6 },
  });
  gateway.failover('chat:1', 'c', 6);
  gateway.publish('chat:1');
  await clock.run(50);
  assert.deepEqual(told.slice(5), ['c6']);
  assert.deepEqual(resumed, ['truncated 1']);
});

test('[K10] each listener of onTruncated is told, until it is taken away', async () => {
  const { gateway, clock, channel } = await twoEpochs();
  const heard: number[] = [];
  const stop = channel.onTruncated(({ from }) => heard.push(from));
  gateway.failover('chat:1', 'c', 5);
  gateway.doubt('chat:1');
  await clock.run(50);
  stop();
  gateway.publish('chat:1');
  gateway.failover('chat:1', 'd', 5);
  gateway.doubt('chat:1');
  await clock.run(50);
  assert.deepEqual(heard, [5]);
});
