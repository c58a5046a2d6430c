import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenRefusedError } from '../src/connection/token-source.ts';
import { connectedWorld, createWorld } from './connected-client.ts';
import { PING } from './fake-gateway.ts';

const EVENT = 'test:event:happened';

/** A connected world with a joined channel, and what it was told. */
async function joinedWorld(options: Parameters<typeof createWorld>[0] = {}) {
  const world = await connectedWorld(options);
  const channel = world.client.channel('chat:1');
  const told: string[] = [];
  channel.on('publication', ({ position }) => told.push(`${position.epoch}${position.offset}`));
  channel.on('truncated', ({ from, to }) => told.push(`truncated ${from}-${to}`));
  channel.on('trimmed', ({ from, to }) => told.push(`trimmed ${from}-${to}`));
  channel.on('unknown', ({ from }) => told.push(`unknown ${from}`));
  void channel.join();
  await world.clock.run(50);
  return { ...world, channel, told };
}

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

test('[K5] a publish whose answer was lost with the connection is sent again and stored once', async () => {
  const { network, gateway, clock, channel } = await joinedWorld();
  const outcome = channel.publish(EVENT, 'x');
  await clock.run(6);
  network.cut();
  await clock.run(2_000);
  const settled = await outcome;
  assert.ok(settled.outcome === 'acked' && settled.duplicate);
  assert.equal(gateway.log('chat:1').length, 1);
  const keys = gateway.heard('publish').map(({ key }) => key);
  assert.deepEqual(keys, [settled.key, settled.key]);
});

test('[K5] no acknowledgement in time is unknown, and the late one is stale', async () => {
  const { gateway, clock, channel, client } = await joinedWorld();
  gateway.deaf.add('publish');
  const outcome = channel.publish(EVENT, 'x');
  await clock.run(5_001);
  assert.equal((await outcome).outcome, 'unknown');
  const [publish] = gateway.heard('publish');
  assert.ok(publish?.ref !== undefined);
  gateway.broadcast({ type: 'ack', ref: publish.ref, channel: publish.channel, level: 'primary' });
  await clock.run(50);
  assert.equal(client.counters.staleAnswers, 1);
});

test('[K5] data that JSON cannot write, or that is too large, is rejected here', async () => {
  const { channel, gateway } = await joinedWorld();
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  const first = await channel.publish(EVENT, cycle as never);
  const second = await channel.publish(EVENT, 'x'.repeat(70_000));
  assert.ok(first.outcome === 'rejected' && first.failure.kind === 'not_serializable');
  assert.ok(second.outcome === 'rejected' && second.failure.kind === 'message_too_large');
  assert.equal(gateway.heard('publish').length, 0);
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
    await clock.run(25_000);
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

test('[K4] the token is refreshed on the live connection', async () => {
  const tokens: string[] = [];
  const token = async (): Promise<string> => {
    tokens.push(`token-${tokens.length + 1}`);
    return tokens.at(-1) ?? '';
  };
  const world = createWorld({ token });
  world.gateway.tokenLastsMs = 20_000;
  world.client.connect();
  await world.clock.run(18_100);
  assert.equal(world.gateway.heard('refresh')[0]?.token, 'token-2');
  assert.equal(world.network.dialled, 1);
});

test('[K2] a refused token is fetched anew, and TokenRefusedError ends it', async () => {
  let asked = 0;
  const world = createWorld({
    token: async () => {
      asked += 1;
      if (asked === 2) throw new TokenRefusedError('signed out');
      return 'token';
    },
  });
  world.gateway.closeOnConnect = 4401;
  world.client.connect();
  await world.clock.run(100);
  assert.deepEqual([asked, world.client.status.phase], [2, 'closed']);
  assert.equal(world.clock.timers, 0);
});

test('[K2] a code that says never closes the client and settles what waits', async () => {
  const { gateway, clock, client, channel } = await joinedWorld();
  gateway.deaf.add('publish');
  const outcome = channel.publish(EVENT, 'x');
  gateway.closeAll(4410);
  await clock.run(50);
  assert.deepEqual(client.status, { phase: 'closed', reason: 'disconnected', code: 4410, retry: 'never' });
  assert.equal((await outcome).outcome, 'unknown');
  assert.equal(clock.timers, 0);
});

test('[K2] goaway moves the session when it says so, and nothing is lost', async () => {
  const { gateway, network, clock, told } = await joinedWorld();
  gateway.broadcast({ type: 'goaway', reconnectAfterMs: 1_000, reason: 'drain' });
  await clock.run(500);
  gateway.publish('chat:1');
  await clock.run(400);
  assert.equal(network.dialled, 1);
  await clock.run(300);
  gateway.publish('chat:1');
  await clock.run(100);
  assert.equal(network.dialled, 2);
  assert.deepEqual(told, ['a1', 'a2']);
});

test('[K2] a join that is refused for now is asked again, one refused for good is told', async () => {
  const world = await connectedWorld();
  world.gateway.refusals.set('join', 'broker_unavailable');
  const channel = world.client.channel('chat:1');
  const joined = channel.join();
  await world.clock.run(50);
  assert.equal(channel.state.phase, 'joining');
  world.gateway.refusals.clear();
  await world.clock.run(1_000);
  assert.equal((await joined).ok, true);
  world.gateway.refusals.set('join', 'forbidden');
  const refused = world.client.channel('chat:2').join();
  await world.clock.run(50);
  const outcome = await refused;
  assert.ok(!outcome.ok && outcome.error.kind === 'forbidden');
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

test('[K13] requests are answered, time out, are bounded, and fail with the connection', async () => {
  const world = await connectedWorld({ requestsMax: 1 });
  const answered = world.client.request('test:time:get', null);
  const tooMany = await world.client.request('test:time:get', null);
  assert.ok(!tooMany.ok && tooMany.error.kind === 'queue_full');
  await world.clock.run(50);
  assert.deepEqual(await answered, { ok: true, value: { event: 'test:time:get' } });
  world.gateway.deaf.add('request');
  const late = world.client.request('test:time:get', null, { timeoutMs: 100 });
  await world.clock.run(101);
  const outcome = await late;
  assert.ok(!outcome.ok && outcome.error.kind === 'timeout');
  const lost = world.client.request('test:time:get', null);
  world.network.cut();
  const broken = await lost;
  assert.ok(!broken.ok && broken.error.kind === 'disconnected');
});

test('[K3] history gives what the channel keeps, and ping the round trip', async () => {
  const { gateway, clock, channel, client } = await joinedWorld();
  gateway.publish('chat:1', 'one');
  const [history, rtt] = [channel.history(), client.ping()];
  await clock.run(50);
  const page = await history;
  assert.ok(page.ok);
  assert.deepEqual(
    page.value.publications.map(({ data }) => data),
    ['one'],
  );
  assert.deepEqual(await rtt, { ok: true, value: 10 });
});
