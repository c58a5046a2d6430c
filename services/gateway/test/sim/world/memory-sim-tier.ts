import type { Clock, Random } from '@kittiwake/base';
import { type ChannelName, type EpochChain, extendChain, type Position } from '@kittiwake/protocol';
import type { SimHost } from '@kittiwake/testkit';
import type { Broker } from '../../../src/broker/broker.ts';
import { MemoryCluster } from '../../../src/broker/memory/memory-cluster.ts';
import { createMemoryTier } from '../../../src/broker/memory/memory-tier.ts';
import type { BrokerTier, TierDeps } from '../../../src/broker/tier-options.ts';
import type { Canonical, OnStored, SimTier } from './sim-tier.ts';

/** The tier in memory, which fails over when it is told to. */
export class MemorySimTier implements SimTier {
  readonly #cluster: MemoryCluster;
  readonly #onStored: OnStored;
  readonly #histories = new Map<ChannelName, { head: Position; chain: EpochChain }>();

  readonly doubtfulUntilMs = 0;
  #failedOver = false;

  constructor(deps: { readonly clock: Clock; readonly random: Random; readonly onStored: OnStored }) {
    this.#cluster = new MemoryCluster(deps);
    this.#onStored = deps.onStored;
  }

  tierFor(_host: SimHost, deps: TierDeps): BrokerTier {
    const tier = createMemoryTier(this.#cluster, deps);
    return { ...tier, broker: this.#observed(tier.broker) };
  }

  canonical(channel: ChannelName): Canonical {
    return this.#histories.get(channel) ?? { head: { offset: 0, epoch: '' }, chain: [] };
  }

  firstKept(channel: ChannelName): number {
    const { head, publications } = this.#cluster.read(channel, { limit: 1_000 });
    return publications[0]?.position.offset ?? head.offset + 1;
  }

  keeps(_channel: ChannelName, _position: Position, _ackedAtMs: number): boolean {
    return !this.#failedOver;
  }

  /** Another primary takes over, which lacks the last `lost` entries of every channel. */
  failOver(lost: number): void {
    this.#failedOver = true;
    this.#cluster.failOver(lost);
    for (const [channel, { chain, head }] of this.#histories) {
      const offset = Math.max(0, head.offset - lost);
      const kept = chain.filter(link => link.start <= offset);
      this.#histories.set(channel, { chain: kept, head: { offset, epoch: kept.at(-1)?.epoch ?? '' } });
    }
  }

  #observed(broker: Broker): Broker {
    return {
      start: handler => broker.start(handler),
      stop: () => broker.stop(),
      status: () => broker.status(),
      subscribe: channel => broker.subscribe(channel),
      unsubscribe: channel => broker.unsubscribe(channel),
      read: (channel, query) => broker.read(channel, query),
      publish: async command => {
        const published = await broker.publish(command);
        const position = published.ok && !published.value.duplicate ? published.value.position : undefined;
        if (position !== undefined) {
          const { channel, entry } = command;
          const former = this.#histories.get(channel)?.chain ?? [];
          this.#histories.set(channel, { head: position, chain: extendChain(former, position) });
          this.#onStored(channel, position, String((entry.data as { readonly id: string }).id));
        }
        return published;
      },
    };
  }
}
