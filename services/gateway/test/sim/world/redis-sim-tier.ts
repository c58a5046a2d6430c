import type { Random } from '@kittiwake/base';
import type { ChannelName, Position } from '@kittiwake/protocol';
import type { SimHost, SimLoop, SimNetwork } from '@kittiwake/testkit';
import type { BrokerTier, TierDeps } from '../../../src/broker/tier-options.ts';
import { canonicalOf, firstKeptOf, listedIn } from '../redis/canonical.ts';
import { SimRedisTier } from '../redis/sim-redis-tier.ts';
import type { Canonical, OnStored, SimTier } from './sim-tier.ts';

/** What the tier is made of. */
export type RedisSimTierParts = {
  readonly loop: SimLoop;
  readonly network: SimNetwork;
  readonly random: Random;
  readonly onStored: OnStored;
};

/** How long after there were two primaries something may still be told that only the other one knew. */
const DOUBT_MS = 30_000;

/** Three Redis and their Sentinels, and what is known of them that no client can know. */
export class RedisSimTier implements SimTier {
  readonly redis: SimRedisTier;
  readonly #loop: SimLoop;
  #isHealthy = false;
  #healthySinceMs = 0;

  constructor({ onStored, ...parts }: RedisSimTierParts) {
    this.#loop = parts.loop;
    this.redis = new SimRedisTier({
      ...parts,
      onStored: (channel, position, body) => {
        const { data } = JSON.parse(body) as { readonly data: { readonly id: string } };
        onStored(channel, position, data.id);
      },
    });
  }

  start(): void {
    this.redis.start();
  }

  tierFor(host: SimHost, deps: TierDeps): BrokerTier {
    return this.redis.tierFor(host, deps);
  }

  canonical(channel: ChannelName): Canonical {
    return canonicalOf(this.#leading, channel);
  }

  firstKept(channel: ChannelName): number {
    return firstKeptOf(this.#leading, channel);
  }

  listed(channel: ChannelName): readonly string[] {
    return listedIn(this.#leading, channel);
  }

  holds(channel: ChannelName, position: Position): boolean {
    return this.redis.holds(channel, position);
  }

  keeps(channel: ChannelName, position: Position): boolean {
    return this.redis.keeps(channel, position);
  }

  wasGone(channel: ChannelName, position: Position): boolean {
    return this.redis.wasGone(channel, position);
  }

  isDeaf(gateway: string): boolean {
    return this.redis.isDeaf(gateway);
  }

  get doubtfulUntilMs(): number {
    const { doubtfulUntilMs } = this.redis;
    return doubtfulUntilMs === 0 ? 0 : doubtfulUntilMs + DOUBT_MS;
  }

  /** Whose history counts. */
  get #leading(): SimRedisTier['primary'] {
    return this.redis.sentinels.leading;
  }

  /** Since when it has had one primary that may write; now where it has not. */
  get healthySinceMs(): number {
    return this.#isHealthy ? this.#healthySinceMs : this.#loop.nowMs;
  }

  /** Looks how it is; called now and then. */
  look(): void {
    const { nodes, primary } = this.redis;
    const isAlone = nodes.every(node => node.role !== 'primary' || node === primary);
    const isHealthy = isAlone && primary.isRunning && (primary.leader?.goodReplicas ?? 0) > 0;
    if (isHealthy && !this.#isHealthy) this.#healthySinceMs = this.#loop.nowMs;
    this.#isHealthy = isHealthy;
  }
}
