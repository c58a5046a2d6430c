import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenRefusedError } from '../src/connection/token-source.ts';
import { connectedWorld, createWorld } from './connected-client.ts';
import { joinedWorld } from './joined-world.ts';

const EVENT = 'test:event:happened';

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
