import type { BrokerTier, TierDeps } from '../tier-options.ts';
import { MemoryBroker } from './memory-broker.ts';
import { MemoryBus } from './memory-bus.ts';
import type { MemoryCluster } from './memory-cluster.ts';
import { MemoryPresence } from './memory-presence.ts';

/** The tier of one gateway; gateways that are given the same cluster share their channels. */
export function createMemoryTier(cluster: MemoryCluster, deps: Pick<TierDeps, 'random'>): BrokerTier {
  return {
    broker: new MemoryBroker(cluster),
    presence: new MemoryPresence(cluster, deps.random),
    bus: new MemoryBus(cluster),
  };
}
