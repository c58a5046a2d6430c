import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectedWorld } from './connected-client.ts';
import { processing, publish, textOf, texts } from './processing.ts';

const CHANNEL = 'chat:1';

test('[K15] one publication is handed over at a time, and the position moves once it is committed', async () => {
  const world = await processing();
  await publish(world, 2);
  assert.deepEqual([texts(world), world.channel.position?.offset, world.told], [['a1'], 0, []]);
  assert.deepEqual(world.works[0]?.commit, {
    position: { offset: 1, epoch: 'a' },
    chain: [{ epoch: 'a', start: 1 }],
  });
  await world.next();
  assert.deepEqual([texts(world), world.channel.position?.offset, world.told], [['a1', 'a2'], 1, ['a1']]);
  await world.next();
  assert.deepEqual(world.channel.position, { offset: 2, epoch: 'a' });
});

test('[K15] a reconnect hands nothing over twice, and what waits goes on', async () => {
  const world = await processing();
  await publish(world, 2);
  world.network.cut();
  await publish(world, 1);
  await world.clock.run(2_000);
  for (let index = 0; index < 3; index += 1) await world.next();
  assert.deepEqual(texts(world), ['a1', 'a2', 'a3']);
});

test('[K15] a truncation comes in its order, and is committed like a publication', async () => {
  const world = await processing();
  await publish(world, 3);
  world.gateway.failover(CHANNEL, 'b', 2);
  await publish(world, 1);
  assert.deepEqual(texts(world), ['a1']);
  for (let index = 0; index < 4; index += 1) await world.next();
  assert.deepEqual(texts(world), ['a1', 'a2', 'a3', 'truncated 2-3', 'b2']);
  assert.deepEqual(world.works[3]?.commit, {
    position: { offset: 1, epoch: 'a' },
    chain: [{ epoch: 'a', start: 1 }],
  });
  assert.deepEqual(world.told, ['a1', 'a2', 'a3', 'truncated 2-3']);
  await world.next();
  assert.deepEqual(world.channel.position, { offset: 2, epoch: 'b' });
});

test('[K15] trimmed and unknown come in their order', async () => {
  const world = await processing();
  await publish(world, 1);
  await world.next();
  world.network.cut();
  for (let index = 0; index < 5; index += 1) world.gateway.publish(CHANNEL);
  world.gateway.trim(CHANNEL, 1);
  await world.clock.run(2_000);
  await world.next();
  world.network.cut();
  world.gateway.failover(CHANNEL, 'z', 0);
  await world.clock.run(2_000);
  await world.next();
  await world.next();
  assert.deepEqual(texts(world), ['a1', 'trimmed 2-5', 'a6', 'unknown 7']);
});

test('[K15] a full buffer leaves the channel, and joins again once all of it is committed', async () => {
  const world = await processing({ messagesMax: 2 });
  await publish(world, 6);
  assert.deepEqual(world.channel.state, { phase: 'joining', step: 'paused', attempt: 0 });
  assert.equal(world.gateway.heard('leave').length, 1);
  await world.next();
  await world.next();
  assert.equal(world.gateway.heard('join').length, 1);
  await world.next();
  assert.deepEqual(world.gateway.heard('join').at(-1)?.position, { offset: 3, epoch: 'a' });
  for (let index = 0; index < 3; index += 1) await world.next();
  assert.deepEqual(texts(world), ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']);
  assert.equal(world.channel.state.phase, 'joined');
});

test('[K15] the buffer is bounded in bytes, and what is larger than all of it is still handed over', async () => {
  const world = await processing({ bytesMax: 300 });
  for (let index = 0; index < 3; index += 1) world.gateway.publish(CHANNEL, 'x'.repeat(1_000));
  await world.clock.run(50);
  assert.ok(world.channel.state.phase === 'joining' && world.channel.state.step === 'paused');
  for (let index = 0; index < 3; index += 1) await world.next();
  assert.deepEqual(texts(world), ['a1', 'a2', 'a3']);
});

test('[K15] while it is full a reconnect waits as well', async () => {
  const world = await processing({ messagesMax: 1 });
  await publish(world, 4);
  world.network.cut();
  await world.clock.run(3_000);
  assert.equal(world.client.status.phase, 'connected');
  assert.ok(world.channel.state.phase === 'joining' && world.channel.state.step === 'paused');
  for (let index = 0; index < 4; index += 1) await world.next();
  assert.deepEqual(texts(world), ['a1', 'a2', 'a3', 'a4']);
});

test('[K15] a handler may wait for its own publish in the channel, though the buffer is full', async () => {
  const world = await connectedWorld();
  const channel = world.client.channel(CHANNEL);
  const answered: unknown[] = [];
  void channel.process(
    async delivery => {
      if (delivery.type !== 'publication' || delivery.publication.event !== 'test:event:happened') return;
      const { outcome } = await channel.publish('test:answer:given', answered.length);
      answered.push(outcome);
    },
    { messagesMax: 1 },
  );
  await world.clock.run(50);
  await publish(world, 5);
  await world.clock.run(1_000);
  assert.deepEqual(answered, ['acked', 'acked', 'acked', 'acked', 'acked']);
});

test('[K15] a handler that fails stops the channel where it stands, says so, and join goes on from there', async () => {
  const world = await processing();
  await publish(world, 3);
  await world.next();
  world.works[1]?.fail(new Error('the database is gone'));
  await world.clock.run(50);
  assert.equal(await world.ended, 'handler_failed');
  assert.ok(world.channel.state.phase === 'failed' && world.channel.state.failure.kind === 'handler_failed');
  assert.deepEqual([world.told, world.channel.position?.offset], [['a1', 'error handler_failed'], 1]);
  assert.equal(world.gateway.heard('leave').length, 1);
  await publish(world, 1);
  assert.equal(world.works.length, 2);
  void world.channel.join();
  await world.clock.run(50);
  for (const work of world.works.slice(2)) work.done();
  assert.deepEqual(texts(world), ['a1', 'a2', 'a2']);
});

test('[K15] process again takes the place of a handler that failed, and not of one that works', async () => {
  const world = await processing();
  await publish(world, 2);
  const twice = await world.channel.process(async () => {});
  assert.ok(!twice.ok && twice.error.kind === 'already_processing');
  world.works[0]?.fail('no');
  await world.clock.run(50);
  const seen: string[] = [];
  void world.channel.process(async delivery => void seen.push(textOf(delivery)));
  await world.clock.run(50);
  assert.deepEqual([seen, world.channel.position?.offset], [['a1', 'a2'], 2]);
});

test('[K15] a handler that throws before it returns a promise is one that fails', async () => {
  const world = await connectedWorld();
  const channel = world.client.channel(CHANNEL);
  const ended = channel.process(() => {
    throw new Error('mine');
  });
  await world.clock.run(50);
  await publish(world, 1);
  const result = await ended;
  assert.ok(!result.ok && result.error.kind === 'handler_failed');
});

test('[K15] leave ends processing once the handler is done, and its commit counts', async () => {
  const world = await processing();
  await publish(world, 3);
  world.channel.leave();
  let over = false;
  void world.ended.then(() => {
    over = true;
  });
  await world.clock.run(50);
  assert.equal(over, false);
  void world.channel.join();
  await world.clock.run(50);
  assert.ok(world.channel.state.phase === 'joining' && world.channel.state.step === 'paused');
  await world.next();
  assert.equal(await world.ended, 'ok');
  await world.next();
  await world.next();
  assert.deepEqual(texts(world), ['a1', 'a2', 'a3']);
});

test('[K15] a join that is refused for good ends processing with the refusal', async () => {
  const world = await connectedWorld();
  world.gateway.refusals.set('join', 'forbidden');
  const ended = world.client.channel(CHANNEL).process(async () => {});
  await world.clock.run(50);
  const result = await ended;
  assert.ok(!result.ok && result.error.kind === 'forbidden');
});

test('[K12, K15] closing the client ends processing', async () => {
  const world = await processing();
  await publish(world, 1);
  world.client.close();
  await world.next();
  assert.equal(await world.ended, 'ok');
  assert.equal(world.clock.timers, 0);
});
