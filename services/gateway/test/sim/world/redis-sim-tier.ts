import type { Random } from '@kittiwake/base';
import type { ChannelName, Position } from '@kittiwake/protocol';
import type { SimHost, SimLoop, SimNetwork } from '@kittiwake/testkit';
import { parseChain } from '../../../src/broker/epoch-chain.ts';
import { channelOf, stateKey } from '../../../src/broker/redis/keys.ts';
import type { BrokerTier, TierDeps } from '../../../src/broker/tier-options.ts';
import { SimRedisTier } from '../redis/sim-redis-tier.ts';
import type { Canonical, OnStored, SimTier } from './sim-tier.ts';

/** What the tier is made of. */
export type RedisSimTierParts = {
  readonly loop: SimLoop;
  readonly network: SimNetwork;
  readonly random: Random;
  readonly onStored: OnStored;
};

const NOTHING: Canonical = { head: { offset: 0, epoch: '' }, chain: [] };
/** How long after there were two primaries something may still be told that only the other one knew. */
const DOUBT_MS = 30_000;
/** Keys of the publish scripts, which stand before their arguments. */
const PUBLISH_KEYS: { readonly [script: string]: number } = { kwPublish: 3, kwPublishNumbered: 4 };

/** Three Redis and their Sentinels, and what is known of them that no client can know. */
export class RedisSimTier implements SimTier {
  readonly redis: SimRedisTier;
  readonly #loop: SimLoop;
  readonly #onStored: OnStored;
  #keepsPromises = true;
  #doubtfulUntilMs = 0;
  #isHealthy = false;
  #healthySinceMs = 0;
  readonly #promotions: { readonly former: string; readonly atMs: number }[] = [];

  constructor({ onStored, ...parts }: RedisSimTierParts) {
    this.#loop = parts.loop;
    this.#onStored = onStored;
    this.redis = new SimRedisTier({
      ...parts,
      observer: {
        ran: (script, args, reply) => this.#ran(script, args, reply),
        promoted: ({ former, isFurthest }) => {
          this.#promotions.push({ former, atMs: this.#loop.nowMs });
          if (!isFurthest) this.losesAcknowledged();
        },
      },
    });
  }

  /** Replicas that were made primaries. */
  get promotions(): number {
    return this.#promotions.length;
  }

  start(): void {
    this.redis.start();
  }

  tierFor(host: SimHost, deps: TierDeps): BrokerTier {
    return this.redis.tierFor(host, deps);
  }

  canonical(channel: ChannelName): Canonical {
    const { primary } = this.redis;
    primary.catchUp();
    const { data } = primary.server.runner;
    const state = data.peek(primary.host.clock.nowMs(), seen => seen.hash(stateKey(channel)));
    const chain = parseChain(state?.get('chain') ?? '') ?? [];
    const offset = Number(state?.get('offset') ?? 0);
    return offset === 0 ? NOTHING : { head: { offset, epoch: chain.at(-1)?.epoch ?? '' }, chain };
  }

  firstKept(channel: ChannelName): number {
    const { entries, state, head } = this.redis.canonical(channel);
    const sinceMs = this.redis.primary.host.clock.nowMs() - Number(state.get('age') ?? 0);
    return entries.find(({ storedAtMs }) => storedAtMs > sinceMs)?.offset ?? head + 1;
  }

  /**
   * Not what a primary wrote once another one was promoted: until Sentinels have told it, the other replica still follows
   * a primary that hung and came back, and a WAIT for one replica holds there.
   */
  keeps({ epoch }: Position, ackedAtMs: number): boolean {
    if (!this.#keepsPromises) return false;
    return !this.#promotions.some(({ former, atMs }) => epoch.startsWith(former) && atMs < ackedAtMs);
  }

  get doubtfulUntilMs(): number {
    this.look();
    return this.#doubtfulUntilMs;
  }

  /** Something was done that may lose what was acknowledged as replicated: more than one fault, or one that nothing survives. */
  losesAcknowledged(): void {
    this.#keepsPromises = false;
  }

  /** Since when it has had one primary that may write; now where it has not. */
  get healthySinceMs(): number {
    return this.#isHealthy ? this.#healthySinceMs : this.#loop.nowMs;
  }

  /** Looks how it is; called now and then. */
  look(): void {
    const { nodes, primary } = this.redis;
    const isDoubtful = nodes.some(node => node.role === 'primary' && node !== primary);
    if (isDoubtful) this.#doubtfulUntilMs = this.#loop.nowMs + DOUBT_MS;
    const isHealthy = !isDoubtful && primary.isRunning && (primary.leader?.goodReplicas ?? 0) > 0;
    if (isHealthy && !this.#isHealthy) this.#healthySinceMs = this.#loop.nowMs;
    this.#isHealthy = isHealthy;
  }

  #ran(script: string, args: readonly string[], reply: unknown): void {
    const keys = PUBLISH_KEYS[script];
    if (keys === undefined || !Array.isArray(reply) || reply[0] !== 0) return;
    const channel = channelOf(args[keys + 3] ?? '');
    if (channel === undefined) return;
    const { data } = JSON.parse(args[keys + 2] ?? '') as { readonly data: { readonly id: string } };
    this.#onStored(channel, { offset: Number(reply[1]), epoch: String(reply[2]) }, data.id);
  }
}
