import { createFakeClock, createSeededRandom } from '@kittiwake/testkit';
import { MemoryCluster } from '../../src/broker/memory/memory-cluster.ts';
import { createMemoryTier } from '../../src/broker/memory/memory-tier.ts';
import { brokerContract } from './broker.contract.ts';
import { gatewayBusContract } from './gateway-bus.contract.ts';
import { presenceStoreContract } from './presence-store.contract.ts';
import { QUICK_TIMING, type TierHarness } from './tier-harness.ts';

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
