import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock, createSeededRandom } from '@kittiwake/testkit';
import { MemoryCluster } from '../../src/broker/memory/memory-cluster.ts';
import { createMemoryTier } from '../../src/broker/memory/memory-tier.ts';
import { brokerContract } from './broker.contract.ts';
import { gatewayBusContract } from './gateway-bus.contract.ts';
import { presenceStoreContract } from './presence-store.contract.ts';
import {
  mustPublish,
  newChannel,
  publishing,
  QUICK_TIMING,
  recordingHandler,
  type TierHarness,
} from './tier-harness.ts';

async function openMemory(): Promise<TierHarness> {
  const clock = createFakeClock();
  const random = createSeededRandom(1);
  const cluster = new MemoryCluster({ clock, random, timing: QUICK_TIMING });
  return {
    gateway: () => createMemoryTier(cluster, { random }),
    pass: ms => clock.run(ms),
    replicated: 'replicated',
    stop: async () => {},
  };
}

brokerContract('memory', openMemory);
presenceStoreContract('memory', openMemory);
gatewayBusContract('memory', openMemory);

test('[B3] entries that a failover lost are truncated where the histories part', async () => {
  const random = createSeededRandom(2);
  const cluster = new MemoryCluster({ clock: createFakeClock(), random });
  const tier = createMemoryTier(cluster, { random });
  const handler = recordingHandler();
  const channel = newChannel();
  await tier.broker.start(handler);
  await tier.broker.subscribe(channel);
  await mustPublish(tier, publishing(channel, 1));
  const lost = await mustPublish(tier, publishing(channel, 2));
  cluster.failOver(1);
  assert.deepEqual(handler.doubts, [channel]);
  const before = await tier.broker.read(channel, { since: lost, limit: 10 });
  assert.ok(before.ok);
  assert.deepEqual(before.value.resume, { outcome: 'truncated', divergedAt: 2 });
  const renewed = await mustPublish(tier, publishing(channel, 'other 2'));
  assert.equal(renewed.offset, 2);
  assert.notEqual(renewed.epoch, lost.epoch);
  const after = await tier.broker.read(channel, { since: lost, limit: 10 });
  assert.ok(after.ok);
  assert.deepEqual(
    [after.value.resume, after.value.publications.map(one => one.data)],
    [{ outcome: 'truncated', divergedAt: 2 }, ['other 2']],
  );
});
