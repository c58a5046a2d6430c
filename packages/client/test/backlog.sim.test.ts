import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSessionLimiter } from '../../../services/gateway/src/limits/session-limits.ts';
import type { PublishOutcome } from '../src/publish/publish-outcome.ts';
import { createWorld, type World, type WorldOptions } from './connected-client.ts';
import { joinedWorld } from './joined-world.ts';

const EVENT = 'test:event:happened';
const CHANNEL = 'chat:1';

/** A client that has published 1, 2, …, `count` while there was no way to a gateway, and has one now. */
async function backlog(
  count: number,
  options: WorldOptions = {},
): Promise<{ readonly world: World; readonly outcomes: Promise<PublishOutcome>[] }> {
  const world = createWorld(options);
  world.network.dials = 'refuse';
  world.client.connect();
  const channel = world.client.channel(CHANNEL);
  const outcomes = Array.from({ length: count }, (_, index) => channel.publish(EVENT, index + 1));
  await world.clock.run(1_000);
  world.network.dials = 'accept';
  return { world, outcomes };
}

const stored = ({ gateway }: World): number[] => gateway.log(CHANNEL).map(({ data }) => Number(data));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const kinds = async (outcomes: readonly Promise<PublishOutcome>[]): Promise<string[]> => [
  ...new Set((await Promise.all(outcomes)).map(describe)),
];

function describe(outcome: PublishOutcome): string {
  return 'failure' in outcome ? `${outcome.outcome} ${outcome.failure.kind}` : outcome.outcome;
}

test('[K6] a backlog of a thousand stays within the default rate of a session, and in order', async () => {
  const { world, outcomes } = await backlog(1_000);
  const policy = { warningsMax: 10, windowMs: 60_000 };
  world.gateway.limiter = () => createSessionLimiter({ perSecond: 50, burst: 100 }, policy);
  const dialledBefore = world.network.dialled;
  await world.clock.run(60_000);
  assert.deepEqual(await kinds(outcomes), ['acked']);
  assert.deepEqual(stored(world), upTo(1_000));
  assert.ok(world.gateway.limited <= 10, `${world.gateway.limited} warnings`);
  assert.ok(world.network.dialled - dialledBefore <= 2);
});

test('[K6] a backlog does not fall asleep where time passes between two looks at the clock', async () => {
  const { world, outcomes } = await backlog(300, { ticking: true });
  const policy = { warningsMax: 10, windowMs: 60_000 };
  world.gateway.limiter = () => createSessionLimiter({ perSecond: 50, burst: 100 }, policy);
  await world.clock.run(20_000);
  assert.equal(stored(world).length, 300);
  assert.deepEqual(await kinds(outcomes), ['acked']);
});

test('[K6, K16] what waits is given up in its time where timers fire a little early', async () => {
  for (const producer of [undefined, { id: 'meter', epoch: 1 }]) {
    const world = createWorld({ ticking: true, queue: { ageMaxMs: 10_000 } });
    world.network.dials = 'refuse';
    world.client.connect();
    const channel = world.client.channel(CHANNEL, producer === undefined ? {} : { producer });
    const outcome = channel.publish(EVENT, 1);
    await world.clock.run(11_000);
    assert.equal(world.client.queued.messages, 0);
    assert.equal(describe(await outcome), 'rejected expired');
  }
});

test('[K6] without a limit a backlog is limited by its answers alone', async () => {
  const { world, outcomes } = await backlog(1_000);
  await world.clock.run(15_000);
  assert.deepEqual(await kinds(outcomes), ['acked']);
  assert.deepEqual(stored(world), upTo(1_000));
});

test('[K6] a backlog outlives a broker that is away, in order', async () => {
  const { world, outcomes } = await backlog(10);
  world.gateway.refusals.set('publish', 'broker_unavailable');
  await world.clock.run(8_000);
  world.gateway.refusals.clear();
  await world.clock.run(15_000);
  assert.deepEqual(await kinds(outcomes), ['acked']);
  assert.deepEqual(stored(world), upTo(10));
});

test('[K6] a broker that stays away is an expired publish: what was never in doubt is rejected', async () => {
  const { world, outcomes } = await backlog(3, { queue: { ageMaxMs: 20_000 } });
  world.gateway.refusals.set('publish', 'broker_unavailable');
  await world.clock.run(30_000);
  assert.deepEqual(await kinds(outcomes), ['rejected expired']);
  assert.equal(world.client.queued.messages, 0);
});

test('[K5] an unknown outcome of the backlog is asked for again with the same key', async () => {
  const { world, outcomes } = await backlog(2);
  world.gateway.refusals.set('publish', 'unknown_outcome');
  await world.clock.run(5_000);
  world.gateway.refusals.clear();
  await world.clock.run(15_000);
  assert.deepEqual(await kinds(outcomes), ['acked']);
  assert.equal(new Set(world.gateway.heard('publish').map(({ key }) => key)).size, 2);
});

test('[K6] what is published while a backlog goes out waits behind it in its channel, not in others', async () => {
  const { world } = await backlog(100);
  await world.clock.run(1_000);
  while (stored(world).length < 10) await world.clock.run(5);
  void world.client.channel(CHANNEL).publish(EVENT, 101);
  const other = world.client.channel('chat:2').publish(EVENT, 1);
  await world.clock.run(15);
  assert.equal((await other).outcome, 'acked');
  assert.ok(stored(world).length < 100);
  await world.clock.run(10_000);
  assert.deepEqual(stored(world), upTo(101));
});

test('[K6] the last of a backlog, refused for now, is not overtaken by what is published meanwhile', async () => {
  const { world, outcomes } = await backlog(1);
  world.gateway.refusals.set('publish', 'broker_unavailable');
  while (world.gateway.heard('publish').length === 0) await world.clock.run(1);
  const next = world.client.channel(CHANNEL).publish(EVENT, 2);
  world.gateway.refusals.clear();
  await world.clock.run(5_000);
  assert.deepEqual(await kinds([...outcomes, next]), ['acked']);
  assert.deepEqual(stored(world), [1, 2]);
});

test('[K5] what was in flight when the connection broke is sent again in its order', async () => {
  const { network, gateway, clock, channel } = await joinedWorld();
  const outcomes = upTo(20).map(data => channel.publish(EVENT, data));
  await clock.run(3);
  network.cut();
  const later = upTo(5).map(index => channel.publish(EVENT, 20 + index));
  await clock.run(5_000);
  assert.deepEqual(await kinds([...outcomes, ...later]), ['acked']);
  assert.deepEqual(
    gateway.log(CHANNEL).map(({ data }) => data),
    upTo(25),
  );
});

test('[K5] a resend waits until the channel is joined again', async () => {
  const { network, gateway, clock, channel } = await joinedWorld();
  void channel.publish(EVENT, 'x');
  await clock.run(1);
  network.cut();
  gateway.deaf.add('join');
  await clock.run(3_000);
  assert.deepEqual([gateway.heard('join').length, gateway.heard('publish').length], [2, 0]);
  gateway.deaf.clear();
  await clock.run(6_000);
  assert.equal(channel.state.phase, 'joined');
  assert.equal(gateway.heard('publish').length, 1);
});

test('[K5] a draining gateway is left alone until the next one is there', async () => {
  const { gateway, clock, channel, network } = await joinedWorld();
  gateway.refusals.set('publish', 'draining');
  const outcomes = [channel.publish(EVENT, 1), channel.publish(EVENT, 2)];
  await clock.run(5_000);
  assert.equal(gateway.heard('publish').length, 2);
  gateway.refusals.clear();
  network.cut();
  await clock.run(3_000);
  assert.deepEqual(await kinds(outcomes), ['acked']);
  assert.deepEqual(gateway.log(CHANNEL).length, 2);
});

test('[K5] after unknown the same key may be published again, and is stored once', async () => {
  const { gateway, clock, channel } = await joinedWorld();
  gateway.deaf.add('publish');
  const first = channel.publish(EVENT, 'x');
  await clock.run(5_001);
  const unknown = await first;
  assert.equal(describe(unknown), 'unknown timeout');
  gateway.deaf.clear();
  const again = channel.publish(EVENT, 'x', { key: unknown.key });
  await clock.run(50);
  assert.equal((await again).outcome, 'acked');
  const third = channel.publish(EVENT, 'x', { key: unknown.key });
  await clock.run(50);
  const duplicate = await third;
  assert.ok(duplicate.outcome === 'acked' && duplicate.duplicate);
  assert.equal(gateway.log(CHANNEL).length, 1);
});

test('[K5] the same key while the first one waits is one publish, and both are told', async () => {
  const { gateway, clock, channel } = await joinedWorld();
  const both = [channel.publish(EVENT, 'x', { key: 'k' }), channel.publish(EVENT, 'x', { key: 'k' })];
  await clock.run(50);
  assert.deepEqual(await kinds(both), ['acked']);
  assert.equal(gateway.heard('publish').length, 1);
});

for (const kind of ['internal', 'unknown_outcome'] as const) {
  test(`[K5] ${kind} does not say whether it was stored: unknown, never rejected`, async () => {
    const { gateway, clock, channel } = await joinedWorld();
    gateway.refusals.set('publish', kind);
    const outcome = channel.publish(EVENT, 'x');
    await clock.run(50);
    assert.equal(describe(await outcome), `unknown ${kind}`);
  });
}

test('[K5] what was in flight when the client closes, or its time is over, is unknown', async () => {
  const { clock, channel, client, gateway, network } = await joinedWorld();
  gateway.deaf.add('publish');
  const timed = channel.publish(EVENT, 'x', { timeoutMs: 500 });
  await clock.run(501);
  assert.equal(describe(await timed), 'unknown timeout');
  const broken = channel.publish(EVENT, 'x', { timeoutMs: 500 });
  await clock.run(6);
  network.cut();
  network.dials = 'refuse';
  await clock.run(500);
  assert.equal(describe(await broken), 'unknown expired');
  network.dials = 'accept';
  await clock.run(30_000);
  const closed = channel.publish(EVENT, 'x');
  client.close();
  assert.equal(describe(await closed), 'unknown closed');
});
