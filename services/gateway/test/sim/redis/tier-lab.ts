import { test } from 'node:test';
import type { ChannelName, Json, Position } from '@kittiwake/protocol';
import { createSeededRandom, fromPlainCallback, SimHost, SimLoop, SimNetwork } from '@kittiwake/testkit';
import type { HistoryPage, PublishCommand } from '../../../src/broker/broker.ts';
import type { BrokerTier } from '../../../src/broker/tier-options.ts';
import { createRecordingMetrics, type RecordingMetrics } from '../../../src/metrics/recording-metrics.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { publishing, type RecordingHandler, recordingHandler } from '../../contract/tier-harness.ts';
import { SimRedisTier } from './sim-redis-tier.ts';
import type { OnEntryStored } from './tier-book.ts';

/** A gateway's broker in the lab, and what it heard. */
export type LabGateway = {
  readonly name: string;
  readonly host: SimHost;
  readonly tier: BrokerTier;
  readonly heard: RecordingHandler;
  readonly metrics: RecordingMetrics;
};

type PublishOptions = Parameters<typeof publishing>[2];
type Published = Awaited<ReturnType<BrokerTier['broker']['publish']>>;

/** Hosts of the Sentinels. */
export const SENTINELS = ['sentinel-0', 'sentinel-1', 'sentinel-2'] as const;

const SETTLES_WITHIN_MS = 60_000;

/** A test that runs from a plain callback, where simulated time can pass. */
export function simulate(name: string, body: () => void): void {
  test(name, () => fromPlainCallback(body));
}

/** The tier alone, with gateways that are nothing but their brokers; what is called here is over when it returns. */
export class TierLab {
  readonly loop = new SimLoop();
  readonly network: SimNetwork;
  readonly tier: SimRedisTier;
  readonly channel = 'chat:lab' as ChannelName;
  readonly #seed: number;
  readonly #latencyMs = { min: 0.2, max: 2 };

  constructor(seed: number, onStored?: OnEntryStored) {
    this.#seed = seed;
    const random = createSeededRandom(seed);
    this.network = new SimNetwork(this.loop, random, { latencyMs: this.#latencyMs });
    const { loop, network } = this;
    this.tier = new SimRedisTier({ loop, network, random, ...(onStored !== undefined && { onStored }) });
    this.tier.start();
    this.pass(50);
  }

  /** A gateway whose broker is started, and subscribed to the channel. */
  gateway(name: string): LabGateway {
    const host = new SimHost(this.loop, name);
    const metrics = createRecordingMetrics();
    const random = createSeededRandom(this.#seed + name.length);
    const tier = this.tier.tierFor(host, { clock: host.clock, random, metrics, log: silentLogger });
    const heard = recordingHandler();
    this.settle(tier.broker.start(heard));
    this.settle(tier.broker.subscribe(this.channel));
    return { name, host, tier, heard, metrics };
  }

  /** Lets time pass. */
  pass(ms: number): void {
    this.loop.run(this.loop.nowMs + ms);
  }

  /** Lets time pass until `isSo`, for a minute at most. */
  passUntil(isSo: () => boolean, what: string): void {
    const endMs = this.loop.nowMs + SETTLES_WITHIN_MS;
    while (!isSo()) {
      if (this.loop.nowMs >= endMs) throw new Error(`it did not happen: ${what}`);
      this.pass(10);
    }
  }

  /** Lets time pass until the promise is settled. */
  settle<T>(promise: Promise<T>): T {
    let settled: { readonly value: T } | undefined;
    promise.then(value => {
      settled = { value };
      this.loop.stop();
    });
    // What settles without an event has settled after this.
    this.loop.run(this.loop.nowMs);
    if (settled === undefined) this.loop.run(this.loop.nowMs + SETTLES_WITHIN_MS);
    if (settled === undefined) throw new Error('the promise was not settled in a minute');
    return settled.value;
  }

  command(data: Json, options: PublishOptions = {}): PublishCommand {
    return publishing(this.channel, data, options);
  }

  publish({ tier }: LabGateway, data: Json, options: PublishOptions = {}): Published {
    return this.settle(tier.broker.publish(this.command(data, options)));
  }

  /** Publishes and expects to be acknowledged. */
  mustPublish(gateway: LabGateway, data: Json, options: PublishOptions = {}): Position {
    const published = this.publish(gateway, data, options);
    if (!published.ok) throw new Error(`not published: ${published.error.kind} ${published.error.message}`);
    if (published.value.position === undefined) throw new Error('published, and nobody knows where');
    return published.value.position;
  }

  readAfter({ tier }: LabGateway, since: Position): HistoryPage {
    const page = this.settle(tier.broker.read(this.channel, { since, limit: 1_000 }));
    if (!page.ok) throw new Error(`not read: ${page.error.message}`);
    return page.value;
  }

  /** Waits until the gateway's broker is ready on the primary that is named now. */
  ready({ tier }: LabGateway): void {
    this.passUntil(() => {
      const status = tier.broker.status();
      const replid = this.tier.primary.leader?.history.replid;
      return (
        status.phase === 'ready' && status.epoch === replid && this.tier.primary.leader?.goodReplicas !== 0
      );
    }, 'the gateway is ready on the primary');
  }

  /** Nothing crosses between `one` and the others, either way, until what is returned is called. */
  part(one: string, others: readonly string[]): () => void {
    const ways = others.flatMap(other => [[one, other] as const, [other, one] as const]);
    for (const [from, to] of ways) this.network.cut(from, to);
    return () => {
      for (const [from, to] of ways) this.network.heal(from, to);
    };
  }

  /** Kills the primary; gives who took over. */
  failOver(): void {
    const former = this.tier.primary;
    this.tier.crash(former);
    this.passUntil(() => this.tier.primary !== former, 'another primary is named');
  }

  /** What the primary's history has, by offset. */
  stored(): ReadonlyMap<number, unknown> {
    return new Map(this.tier.entries(this.channel).map(({ offset, data }) => [offset, data]));
  }
}
