import type { Clock, Random } from '@kittiwake/base';
import type { Metrics } from '../metrics/metrics.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Broker } from './broker.ts';
import type { GatewayBus } from './gateway-bus.ts';
import type { PresenceStore } from './presence-store.ts';
import type { PresenceTiming } from './presence-timing.ts';

/** A Sentinel's address. */
export type SentinelEndpoint = { readonly host: string; readonly port: number };

/** One Redis at a URL; without replicas, so nothing is ever acknowledged `replicated`. */
export type RedisUrlOptions = { readonly kind: 'redis'; readonly url: string; readonly password?: string };

/** A group that Sentinels watch. */
export type SentinelOptions = {
  readonly kind: 'sentinel';
  readonly sentinels: readonly SentinelEndpoint[];
  /** Name of the group. */
  readonly master: string;
  readonly username?: string;
  readonly password?: string;
  /** Login of the Sentinels themselves. */
  readonly sentinelUsername?: string;
  readonly sentinelPassword?: string;
};

/** Which tier carries publications, presence and control messages. */
export type TierOptions = { readonly kind: 'memory' } | RedisUrlOptions | SentinelOptions;

/** What every tier is made with. */
export type TierDeps = {
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** `PRESENCE_TIMING` where absent; every gateway of a tier must have the same. */
  readonly timing?: PresenceTiming;
};

/** The three ports of one gateway over one tier. Each is started and stopped by itself; they share what is underneath. */
export type BrokerTier = {
  readonly broker: Broker;
  readonly presence: PresenceStore;
  readonly bus: GatewayBus;
};
