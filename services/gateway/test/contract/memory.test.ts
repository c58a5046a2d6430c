import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock, createSeededRandom } from '@kittiwake/testkit';
import { MemoryCluster } from '../../src/broker/memory/memory-cluster.ts';
import { createMemoryTier } from '../../src/broker/memory/memory-tier.ts';
import { brokerContract } from './broker.contract.ts';
import { gatewayBusContract } from './gateway-bus.contract.ts';
import { presenceStoreContract } from './presence-store.contract.ts';
import { newChannel, publishing, QUICK_TIMING, recordingHandler, type TierHarness } from './tier-harness.ts';

async function openMemory(): Promise<TierHarness> {
  const clock = createFakeClock();
  const random = createSeededRandom(1);
  const cluster = new MemoryCluster({ clock, random, timing: QUICK_TIMING });
  return {
    gateway: () => createMemoryTier(cluster, { random }),
    pass: ms => clock.run(ms),
    lose: async write => cluster.failOver((await write()).length),
    replicated: 'replicated',
    stop: async () => {},
  };
}

brokerContract('memory', openMemory);
presenceStoreContract('memory', openMemory);
gatewayBusContract('memory', openMemory);

test('[P10] a producer stands where it stood when a failover has lost what it did', async () => {
  const random = createSeededRandom(3);
  const cluster = new MemoryCluster({ clock: createFakeClock(), random });
  const tier = createMemoryTier(cluster, { random });
  const channel = newChannel();
  await tier.broker.start(recordingHandler());
  const publish = async (
    epoch: number,
    sequence: number,
    follows = sequence - 1,
  ): Promise<string | number | undefined> => {
    const producer = { id: 'orders-1', epoch, sequence, follows };
    const published = await tier.broker.publish(publishing(channel, sequence, { producer }));
    return published.ok ? published.value.position?.offset : published.error.expectedSequence;
  };
  await publish(1, 5, 0);
  for (const sequence of [6, 7]) await publish(1, sequence);
  await publish(2, 1);
  cluster.failOver(3);
  assert.deepEqual([await publish(1, 8), await publish(1, 6), await publish(1, 7)], [6, 2, 3]);
  cluster.failOver(3);
  assert.deepEqual([await publish(1, 9), await publish(1, 9, 0), await publish(1, 11)], [1, 1, 10]);
});
