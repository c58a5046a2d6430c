import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Connect, Goaway } from '@kittiwake/protocol';
import { type JoinedWorld, joinedWorld } from './joined-world.ts';

const ASK: Goaway = { type: 'goaway', reconnectAfterMs: 100, closeAfterMs: 3_000, reason: 'drain' };

/** A joined client that is asked to leave `gateway-0`; everybody else is `gateway-1`. */
async function asked(ask: Partial<Goaway> = {}): Promise<JoinedWorld & { readonly phases: string[] }> {
  const world = await joinedWorld();
  const phases: string[] = [];
  world.client.on('status', ({ phase }) => phases.push(phase));
  world.channel.on('state', ({ phase }) => phases.push(`channel ${phase}`));
  world.gateway.name = 'gateway-1';
  world.gateway.broadcast({ ...ASK, ...ask });
  return { ...world, phases };
}

const gatewayOf = ({ client }: JoinedWorld) =>
  client.status.phase === 'connected' ? client.status.gateway : client.status.phase;

const connects = ({ gateway }: JoinedWorld): readonly Connect[] => gateway.heard('connect');

test('[K18] the next connection is made before the one before ends, and nobody notices', async () => {
  const world = await asked();
  const { clock, gateway, network, told, phases } = world;
  for (let n = 0; n < 40; n += 1) {
    gateway.publish('chat:1');
    await clock.run(7);
  }
  assert.equal(gatewayOf(world), 'gateway-1');
  assert.deepEqual(
    told,
    Array.from({ length: 40 }, (_, n) => `a${n + 1}`),
  );
  assert.deepEqual(phases, ['connected']);
  assert.deepEqual([network.live, network.liveMax], [1, 2]);
  const [first, second] = connects(world);
  assert.deepEqual([first?.from, second?.from], [undefined, 'gateway-0']);
  assert.equal(second?.session, 's1');
  assert.ok((second?.attempt ?? 0) > (first?.attempt ?? 1));
});

test('[K18] what was asked at the gateway before is answered there, and what follows does not overtake it', async () => {
  const world = await asked({ reconnectAfterMs: 0 });
  const { clock, gateway, channel, network } = world;
  gateway.deaf.add('publish');
  const first = channel.publish('test:event:happened', 1);
  await clock.run(30);
  assert.equal(gatewayOf(world), 'gateway-1');
  assert.equal(network.live, 2, 'the gateway before is waited for');
  gateway.deaf.delete('publish');
  const second = channel.publish('test:event:happened', 2);
  await clock.run(1_000);
  assert.equal(gateway.heard('publish').length, 1, 'the second one waits for the first');
  gateway.closeAll(4450);
  await clock.run(3_000);
  assert.deepEqual([(await first).outcome, (await second).outcome], ['acked', 'acked']);
  assert.deepEqual(
    gateway.log('chat:1').map(({ data }) => data),
    [1, 2],
  );
});

test('[K18] a request that is on its way is answered by the gateway that was asked', async () => {
  const world = await asked({ reconnectAfterMs: 20 });
  const { clock, gateway, client, network } = world;
  gateway.deaf.add('request');
  const answer = client.request('kittiwake:time:get', null, { timeoutMs: 1_000 });
  await clock.run(200);
  assert.equal(network.live, 2);
  await clock.run(1_000);
  assert.equal((await answer).ok, false);
  gateway.publish('chat:1');
  await clock.run(20);
  assert.deepEqual([network.live, gatewayOf(world)], [1, 'gateway-1']);
});

for (const dials of ['hang', 'refuse'] as const) {
  test(`[K18] a gateway that cannot be reached (${dials}) costs nothing: it is tried again while the one before stands`, async () => {
    const world = await asked({ closeAfterMs: 20_000 });
    const { clock, gateway, network, told, phases } = world;
    network.dials = dials;
    await clock.run(5_000);
    gateway.publish('chat:1');
    network.dials = 'accept';
    await clock.run(6_000);
    assert.equal(gatewayOf(world), 'gateway-1');
    assert.deepEqual([told, phases, network.live], [['a1'], ['connected'], 1]);
  });
}

test('[K18] the gateway that it leaves refuses it: another one is looked for', async () => {
  const world = await asked({ closeAfterMs: 20_000 });
  const { clock, gateway, told, phases } = world;
  gateway.refusals.set('connect', 'same_gateway');
  await clock.run(2_000);
  assert.equal(gatewayOf(world), 'gateway-0');
  gateway.refusals.clear();
  gateway.publish('chat:1');
  await clock.run(3_000);
  assert.deepEqual([gatewayOf(world), told, phases], ['gateway-1', ['a1'], ['connected']]);
});

test('[K18] where no other gateway is found in time it comes back as after any goaway', async () => {
  const world = await asked();
  const { clock, gateway, network, told } = world;
  network.dials = 'refuse';
  await clock.run(3_500);
  assert.notEqual(world.client.status.phase, 'connected');
  gateway.publish('chat:1');
  network.dials = 'accept';
  await clock.run(35_000);
  assert.deepEqual([gatewayOf(world), told, network.live], ['gateway-1', ['a1'], 1]);
});

test('[K18] presence does not flicker', async () => {
  const world = await joinedWorld();
  const { clock, gateway, channel } = world;
  void channel.setPresence({ name: 'Ada' });
  await clock.run(50);
  const seen: number[] = [];
  channel.on('presence', members => seen.push(members.length));
  gateway.name = 'gateway-1';
  gateway.broadcast(ASK);
  await clock.run(1_000);
  assert.equal(gatewayOf(world), 'gateway-1');
  assert.equal(channel.presence.length, 1);
  assert.ok(
    seen.every(count => count === 1),
    `${seen}`,
  );
});

test('[K18] a channel that is left while it moves stays left', async () => {
  const world = await asked({ reconnectAfterMs: 0 });
  const { clock, gateway, channel, told, network } = world;
  gateway.deaf.add('join');
  await clock.run(60);
  assert.equal(gatewayOf(world), 'gateway-1');
  channel.leave();
  gateway.publish('chat:1');
  await clock.run(1_000);
  assert.deepEqual([channel.state.phase, told, network.live], ['detached', [], 1]);
});

test('[K18] what the gateway before delivers counts until the next one has answered', async () => {
  const world = await asked({ reconnectAfterMs: 0 });
  const { clock, gateway, told, network } = world;
  gateway.deaf.add('join');
  await clock.run(60);
  gateway.publish('chat:1');
  await clock.run(20);
  assert.deepEqual([told, network.live], [['a1'], 2]);
});

test('[K18] what the gateway before delivered meanwhile, and the next one does not have, is told', async () => {
  const world = await asked({ reconnectAfterMs: 0 });
  const { clock, gateway, told } = world;
  while (gatewayOf(world) !== 'gateway-1') await clock.run(1);
  // On their way from the gateway before while the join is on its way to the next one, and lost by then.
  gateway.publish('chat:1');
  gateway.publish('chat:1');
  gateway.failover('chat:1', 'b', 2);
  await clock.run(50);
  assert.deepEqual(told, ['a1', 'a2']);
  await clock.run(4_100);
  assert.deepEqual(told, ['a1', 'a2', 'truncated 2-2']);
});

/** The join is on its way to the next gateway and names `a1` to `a3`, when the one before tells that the channel goes on with `b3`. */
async function askedBeforeTold(): Promise<Awaited<ReturnType<typeof asked>>> {
  const world = await asked({ reconnectAfterMs: 0 });
  const { clock, gateway } = world;
  for (let n = 0; n < 3; n += 1) gateway.publish('chat:1');
  while (gatewayOf(world) !== 'gateway-1') await clock.run(1);
  assert.equal(gateway.heard('join').length, 1, 'the gateway has not seen the join yet');
  gateway.failover('chat:1', 'b', 3);
  gateway.doubt('chat:1');
  gateway.publish('chat:1');
  return world;
}

const TOLD_BEFORE = ['a1', 'a2', 'a3', 'truncated 3-3', 'b3'];

test('[K18] what the gateway before has told of the history is not told again by the answer of the next one', async () => {
  const world = await askedBeforeTold();
  const { clock, gateway, told, phases, network } = world;
  await clock.run(50);
  assert.deepEqual(gateway.heard('join').at(-1)?.position, { offset: 3, epoch: 'a' });
  gateway.publish('chat:1');
  await clock.run(5_000);
  assert.deepEqual(told, [...TOLD_BEFORE, 'b4']);
  assert.deepEqual([phases, network.live], [['connected'], 1]);
});

test('[K18] what is lost of it beyond what the gateway before has told is told, from the exact offset', async () => {
  const world = await askedBeforeTold();
  const { clock, gateway, told } = world;
  gateway.failover('chat:1', 'c', 2);
  await clock.run(50);
  gateway.publish('chat:1');
  await clock.run(5_000);
  assert.deepEqual(told, [...TOLD_BEFORE, 'truncated 2-3', 'c2']);
});

test('[K18] an answer that says nothing of what is held by then is asked for again', async () => {
  const world = await askedBeforeTold();
  const { clock, gateway, told, phases, network } = world;
  gateway.publish('chat:1');
  // Nothing is known any more of what the join names; of what is held, everything is.
  gateway.trim('chat:1', 1);
  await clock.run(50);
  assert.deepEqual(gateway.heard('join').at(-1)?.position, { offset: 4, epoch: 'b' });
  gateway.publish('chat:1');
  await clock.run(5_000);
  assert.deepEqual(told, [...TOLD_BEFORE, 'b4', 'b5']);
  assert.deepEqual([phases, network.live], [['connected', 'channel joining', 'channel joined'], 1]);
});

test('[K12] a client that is closed while it moves leaves no timer and no socket', async () => {
  for (const afterMs of [0, 2, 7, 12, 20]) {
    const world = await asked({ reconnectAfterMs: 0 });
    const { clock, client, network } = world;
    await clock.run(afterMs);
    client.close();
    // What was on its way arrives at nobody.
    await clock.run(10);
    assert.deepEqual([network.live, clock.timers], [0, 0], `after ${afterMs} ms`);
  }
});

test('[K18] the next connection breaks while the one before still stands: it comes back as after any break', async () => {
  const world = await asked({ reconnectAfterMs: 0 });
  const { clock, gateway, network, told } = world;
  gateway.deaf.add('publish');
  void world.channel.publish('test:event:happened', 1);
  await clock.run(40);
  network.cut();
  gateway.deaf.clear();
  gateway.publish('chat:1');
  await clock.run(5_000);
  assert.deepEqual([gatewayOf(world), network.live], ['gateway-1', 1]);
  assert.deepEqual(told, ['a1', 'a2']);
});
