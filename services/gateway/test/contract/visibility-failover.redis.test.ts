import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { ChannelName, Json } from '@kittiwake/protocol';
import { type SentinelTier, skipWithoutRedis, until } from '@kittiwake/testkit';
import {
  type CountedTier,
  cutReplication,
  redisTier,
  replicasOf,
  sentinelOptions,
  startDocumentedTier,
} from './redis-harness.ts';
import { newChannel, publishing, type RecordingHandler, recordingHandler } from './tier-harness.ts';

suite('visibility `replicated` on a Sentinel tier', { skip: skipWithoutRedis() }, () => {
  test('[C11] what stalled replicas did not hold is hidden, and after a failover gone without anybody having seen it', async t => {
    const world = await open(t);
    assert.equal(await world.publish('kept'), 'replicated');
    const former = await world.tier.primary();
    await cutReplication(world.tier);
    assert.equal(await world.publish('lost'), 'unknown_outcome');
    assert.deepEqual(await world.history(), ['kept']);
    await former.kill();
    world.resumeReplicas(former.port);
    await world.tier.waitForFailover(former);
    await world.goOn();
    assert.deepEqual([await world.history(), world.heard()], [KEPT_AND_NEW, KEPT_AND_NEW]);
  });

  test('[C11] what resumed replicas came to hold is shown once, in order', async t => {
    const world = await open(t);
    const primary = await world.tier.primary();
    for (const replica of replicasOf(world.tier, primary)) replica.pause();
    const stalled = ['one', 'two', 'three'].map(data => world.publish(data));
    assert.deepEqual(new Set(await Promise.all(stalled)), new Set(['unknown_outcome']));
    assert.deepEqual([await world.history(), world.heard()], [[], []]);
    world.resumeReplicas(primary.port);
    await until(async () => (await world.publish('four')) === 'replicated', { timeoutMs: 10_000 });
    await until(() => world.heard().includes('four'));
    assert.deepEqual(await world.history(), world.heard());
    assert.deepEqual(world.heard().slice(0, 3), ['one', 'two', 'three']);
  });

  test('[C11] what survived a failover hidden is shown by the next primary, under the epoch that wrote it', async t => {
    const world = await open(t);
    assert.equal(await world.publish('shown'), 'replicated');
    const former = await world.tier.primary();
    for (const replica of replicasOf(world.tier, former)) replica.pause();
    assert.equal(await world.publish('survives'), 'unknown_outcome');
    // It waits in the buffers of the replicas, who read it once they go on.
    await former.kill();
    world.resumeReplicas(former.port);
    await world.tier.waitForFailover(former);
    await world.goOn();
    assert.deepEqual(world.heard().slice(0, 2), ['shown', 'survives']);
    assert.deepEqual(await world.history(), world.heard());
    const [shown, survives] = world.handler.publications;
    assert.equal(survives?.position.epoch, shown?.position.epoch);
    assert.notEqual(world.handler.publications.at(-1)?.position.epoch, shown?.position.epoch);
  });
});

const KEPT_AND_NEW = ['kept', 'new'];

/** A gateway over a tier of its own, subscribed to a channel that shows what is replicated. */
async function open(t: TestContext) {
  const tier = await startDocumentedTier();
  const gateway = redisTier(sentinelOptions(tier));
  const handler = recordingHandler();
  const channel = newChannel();
  t.after(async () => {
    await gateway.broker.stop();
    await tier.stop();
  });
  await gateway.broker.start(handler);
  await gateway.broker.subscribe(channel);
  return { tier, handler, ...conversation({ gateway, channel, handler, tier }) };
}

type Parts = {
  readonly gateway: CountedTier;
  readonly channel: ChannelName;
  readonly handler: RecordingHandler;
  readonly tier: SentinelTier;
};

function conversation({ gateway, channel, handler, tier }: Parts) {
  const heard = (): readonly Json[] => handler.publications.map(one => one.data);
  /** Publishes a text, which is its key as well; the level that was reached, or the kind of failure. */
  const publish = async (text: string): Promise<string> => {
    const command = publishing(channel, text, { visibility: 'replicated', key: text });
    const published = await gateway.broker.publish(command);
    return published.ok ? published.value.level : published.error.kind;
  };
  return {
    publish,
    /** Publishes `new`, once, as soon as the next primary can show it, and waits until it is heard. */
    async goOn(): Promise<void> {
      await until(() => gateway.broker.status().phase === 'ready', { timeoutMs: 10_000 });
      await until(async () => (await publish('new')) === 'replicated', { timeoutMs: 15_000 });
      await until(() => heard().includes('new'), { what: 'the new publication is heard' });
    },
    history: async (): Promise<readonly Json[]> => {
      const page = await until(async () => {
        const read = await gateway.broker.read(channel, { limit: 1_000 });
        return read.ok && read.value;
      });
      return page.publications.map(one => one.data);
    },
    heard,
    /** Lets every server but one go on. */
    resumeReplicas(port: number): void {
      for (const server of tier.servers) if (server.port !== port) server.resume();
    },
  };
}
