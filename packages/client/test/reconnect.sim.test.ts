import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectedWorld, createWorld } from './connected-client.ts';
import { PING } from './fake-gateway.ts';
import { joinedWorld } from './joined-world.ts';

test('[K3] after a broken connection everything that was missed is replayed, once', async () => {
  const { network, gateway, clock, told, channel } = await joinedWorld();
  gateway.publish('chat:1');
  await clock.run(50);
  network.cut();
  gateway.publish('chat:1');
  gateway.publish('chat:1');
  await clock.run(2_000);
  assert.deepEqual(told, ['a1', 'a2', 'a3']);
  assert.deepEqual(gateway.heard('join').at(-1)?.position, { offset: 1, epoch: 'a' });
  assert.equal(gateway.heard('connect').at(-1)?.session, 's1');
  assert.equal(channel.state.phase, 'joined');
});

test('[K10] a history that was truncated while away is told with its range, then replayed', async () => {
  const { network, gateway, clock, told } = await joinedWorld();
  for (let index = 0; index < 3; index += 1) gateway.publish('chat:1');
  await clock.run(50);
  network.cut();
  gateway.failover('chat:1', 'b', 2);
  gateway.publish('chat:1');
  gateway.publish('chat:1');
  await clock.run(2_000);
  assert.deepEqual(told, ['a1', 'a2', 'a3', 'truncated 2-3', 'b2', 'b3']);
});

test('[K10] entries that are no longer kept are told with their range', async () => {
  const { network, gateway, clock, told } = await joinedWorld();
  gateway.publish('chat:1');
  await clock.run(50);
  network.cut();
  for (let index = 0; index < 5; index += 1) gateway.publish('chat:1');
  gateway.trim('chat:1', 2);
  await clock.run(2_000);
  assert.deepEqual(told, ['a1', 'trimmed 2-4', 'a5', 'a6']);
});

test('[K10] a live truncation is told like one after a reconnect', async () => {
  const { gateway, clock, told } = await joinedWorld();
  for (let index = 0; index < 3; index += 1) gateway.publish('chat:1');
  gateway.failover('chat:1', 'b', 3);
  const [publication] = gateway.log('chat:1');
  assert.ok(publication !== undefined);
  const position = { offset: 2, epoch: 'b' };
  gateway.broadcast({
    type: 'truncated',
    channel: publication.channel,
    position,
    resume: { outcome: 'truncated', divergedAt: 3 },
  });
  gateway.publish('chat:1');
  await clock.run(50);
  assert.deepEqual(told, ['a1', 'a2', 'a3', 'truncated 3-3', 'b3']);
});

test('[K10] a lost publication is noticed at the next one, and fetched', async () => {
  const { network, gateway, clock, told, client } = await joinedWorld();
  network.fate = message =>
    message.type === 'publication' && message.position.offset === 2 ? 'drop' : 'deliver';
  for (let index = 0; index < 2; index += 1) gateway.publish('chat:1');
  await clock.run(50);
  network.fate = () => 'deliver';
  gateway.publish('chat:1');
  await clock.run(50);
  assert.deepEqual(told, ['a1', 'a2', 'a3']);
  assert.equal(client.counters.gaps, 1);
});

test('[K7] a duplicate is dropped and counted', async () => {
  const { network, gateway, clock, told, client } = await joinedWorld();
  network.fate = message => (message.type === 'publication' ? 'duplicate' : 'deliver');
  gateway.publish('chat:1');
  await clock.run(50);
  assert.deepEqual(told, ['a1']);
  assert.equal(client.counters.duplicates, 1);
});

test('[K8] a dial that hangs is given up after 3 s, and its late socket is not used', async () => {
  const { network, client, clock } = createWorld();
  network.dials = 'hang';
  client.connect();
  await clock.run(2_999);
  const phase = (): string => client.status.phase;
  assert.equal(phase(), 'connecting');
  await clock.run(2);
  assert.equal(phase(), 'reconnecting');
  network.dials = 'accept';
  await clock.run(2_000);
  assert.equal(phase(), 'connected');
  assert.equal(network.liveMax, 1);
});

test('[K9] a connection that falls silent is abandoned after interval and timeout', async () => {
  const { network, client, clock } = await joinedWorld();
  network.cut(true);
  await clock.run(PING.pingIntervalMs + PING.pingTimeoutMs - 100);
  assert.equal(client.status.phase, 'connected');
  await clock.run(200);
  assert.equal(network.dialled, 2);
  assert.equal(client.status.phase, 'connected');
});

test('[K9] pings of the gateway are answered and keep the connection', async () => {
  const { gateway, network, clock } = await joinedWorld();
  for (let round = 1; round <= 4; round += 1) {
    gateway.broadcast({ type: 'ping', ref: round });
    await clock.run(PING.pingIntervalMs);
  }
  assert.deepEqual(
    gateway.heard('pong').map(({ ref }) => ref),
    [1, 2, 3, 4],
  );
  assert.equal(network.dialled, 1);
});

test('[K9] a hint probes the connection, and a dead one is found in 3 s', async () => {
  const world = await joinedWorld();
  world.hint();
  await world.clock.run(5_000);
  assert.equal(world.network.dialled, 1);
  world.network.cut(true);
  world.hint();
  await world.clock.run(3_100);
  assert.equal(world.network.dialled, 2);
});

test('[K11] presence is set at the join, kept over reconnects, and drawn from sync and diff', async () => {
  const world = await connectedWorld();
  const channel = world.client.channel('chat:1', { presence: 'here' });
  void channel.join();
  await world.clock.run(50);
  assert.deepEqual(
    channel.presence.map(({ data }) => data),
    ['here'],
  );
  void channel.setPresence('typing');
  await world.clock.run(50);
  assert.deepEqual(
    channel.presence.map(({ data }) => data),
    ['typing'],
  );
  world.network.cut();
  await world.clock.run(2_000);
  assert.equal(world.gateway.heard('join').at(-1)?.presence, 'typing');
  const same = channel.presence;
  assert.equal(channel.presence, same);
});

test('[K11] what is shown while a join is on its way is shown after it', async () => {
  const world = await connectedWorld();
  const channel = world.client.channel('chat:1', { presence: 'here' });
  void channel.join();
  void channel.setPresence('typing');
  await world.clock.run(50);
  assert.deepEqual(
    channel.presence.map(({ data }) => data),
    ['typing'],
  );
});
