import { PRESENCE_TIMING } from '../presence-timing.ts';
import type { BrokerTier, RedisUrlOptions, SentinelOptions, TierDeps } from '../tier-options.ts';
import { createConnections } from './connections.ts';
import { IoredisClient } from './ioredis-client.ts';
import { RedisBroker } from './redis-broker.ts';
import { RedisBus } from './redis-bus.ts';
import type { MakeRedisClient } from './redis-client.ts';
import { RedisCore } from './redis-core.ts';
import { RedisPresence } from './redis-presence.ts';

/** The tier of one gateway over one Redis, or over the group that Sentinels watch. Nothing connects before something is started. */
export function createRedisTier(options: RedisUrlOptions | SentinelOptions, deps: TierDeps): BrokerTier {
  const connect = createConnections(options, deps);
  return createTierOver(lane => new IoredisClient(connect(lane), deps.clock), deps);
}

/** The same tier over clients of any make; the simulation brings its own. */
export function createTierOver(makeClient: MakeRedisClient, deps: TierDeps): BrokerTier {
  const core = new RedisCore(makeClient, deps);
  const timing = deps.timing ?? PRESENCE_TIMING;
  return {
    broker: new RedisBroker({ core, ...deps }),
    presence: new RedisPresence({ core, clock: deps.clock, timing }),
    bus: new RedisBus({ core, clock: deps.clock, timing }),
  };
}
