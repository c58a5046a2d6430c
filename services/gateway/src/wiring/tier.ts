import { MemoryCluster } from '../broker/memory/memory-cluster.ts';
import { createMemoryTier } from '../broker/memory/memory-tier.ts';
import { createRedisTier } from '../broker/redis/redis-tier.ts';
import type { BrokerTier, TierDeps } from '../broker/tier-options.ts';
import type { BrokerConfig } from '../config/gateway-config.ts';

/** The tier that the configuration names; gateways of one process share memory where they are given the same cluster. */
export function createTier(broker: BrokerConfig, deps: TierDeps, shared?: MemoryCluster): BrokerTier {
  if (broker.kind === 'memory') return createMemoryTier(shared ?? new MemoryCluster(deps), deps);
  return createRedisTier(broker, { ...deps, log: deps.log.child({ room: 'broker' }) });
}
