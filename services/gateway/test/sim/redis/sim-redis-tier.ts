import type { Random } from '@kittiwake/base';
import type { ChannelName, Position } from '@kittiwake/protocol';
import type { PipeTrouble, SimHost, SimLoop, SimNetwork } from '@kittiwake/testkit';
import { historyKey, stateKey } from '../../../src/broker/redis/keys.ts';
import type { MakeRedisClient } from '../../../src/broker/redis/redis-client.ts';
import { createTierOver } from '../../../src/broker/redis/redis-tier.ts';
import type { BrokerTier, TierDeps } from '../../../src/broker/tier-options.ts';
import { type CanonicalEntry, entriesOf, firstKeptOf } from './canonical.ts';
import { makeClients } from './client/make-clients.ts';
import type { Command } from './keyspace/command.ts';
import { FLUSHALL } from './keyspace/commands.ts';
import { DEL } from './keyspace/key-commands.ts';
import type { TierCondition } from './server/node-parts.ts';
import { type KeptData, SimRedisNode } from './server/sim-redis-node.ts';
import { SimSentinels } from './server/sim-sentinels.ts';
import { StartScript } from './server/start-script.ts';
import { Stir } from './server/stir.ts';
import { type OnEntryStored, TierBook } from './tier-book.ts';
import { TierRoutes } from './tier-routes.ts';

/** What the tier is put into. */
export type SimRedisTierParts = {
  readonly loop: SimLoop;
  readonly network: SimNetwork;
  readonly random: Random;
  readonly onStored?: OnEntryStored;
};

/** How a Redis comes back. */
export type Restart = {
  /** What its disk holds; kept by default, as after SIGKILL: only a machine that fails loses what was not synced. */
  readonly data?: KeptData;
  /**
   * `asks` is what our start script does: it follows whom the Sentinels name, and stands aside where that is itself.
   * `as it was` is a Redis without that script: a primary leads again at once.
   */
  readonly role?: 'asks' | 'as it was';
};

/**
 * Three Redis, `redis-0` to `redis-2`, and three Sentinels, `sentinel-0` to `sentinel-2`: hosts by whose names ways are
 * cut. The faults here happen to processes and data; whatever happens to ways is the network's.
 */
export class SimRedisTier {
  readonly nodes: readonly SimRedisNode[];
  readonly sentinels: SimSentinels;
  readonly #condition: TierCondition = {
    fullDisk: false,
    outOfMemory: false,
    withoutRights: false,
    minReplicas: 1,
  };
  readonly #parts: SimRedisTierParts;
  readonly #stir: Stir;
  readonly #routes: TierRoutes;
  readonly #startScript: StartScript;
  readonly #book: TierBook;

  constructor(parts: SimRedisTierParts) {
    const { loop, network, random, onStored } = parts;
    this.#parts = parts;
    const stir = new Stir(network);
    this.#stir = stir;
    this.#book = new TierBook({ loop, nodes: () => this.nodes, onStored, onChanged: () => stir.note() });
    const shared = { loop, network, random, condition: this.#condition, watcher: this.#book };
    this.nodes = [0, 1, 2].map(n => new SimRedisNode({ ...shared, name: `redis-${n}` }));
    const { nodes } = this;
    const onGivenUp = (): void => this.#book.givenUp();
    this.sentinels = new SimSentinels({ ...parts, nodes, stir, onGivenUp });
    this.#routes = new TierRoutes({ loop, network, nodes });
    this.#startScript = new StartScript({ loop, nodes, sentinels: this.sentinels.all });
  }

  /** The first node leads, the others follow, and the Sentinels begin to watch. */
  start(): void {
    const { primary } = this;
    primary.lead();
    for (const node of this.nodes) if (node !== primary) node.follow(primary);
    this.sentinels.watch();
    this.#parts.network.watch(() => this.#stir.note());
  }

  /** Whom the Sentinels name. */
  get primary(): SimRedisNode {
    return this.sentinels.primary;
  }

  /** The ports of one gateway process; nothing connects before one of them is started. */
  tierFor(host: SimHost, deps: TierDeps): BrokerTier {
    return createTierOver(this.clientsFor(host, deps), deps);
  }

  /** The clients of one gateway process. */
  clientsFor(host: SimHost, deps: Pick<TierDeps, 'random' | 'log' | 'clock'>): MakeRedisClient {
    const { network } = this.#parts;
    const nodes = this.nodes.map(node => node.name);
    const sentinels = this.sentinels.all;
    return makeClients({ ...deps, host, network, tier: this.#routes, sentinels, nodes, stir: this.#stir });
  }

  /** Everything that the one that leads, named or not yet, has stored of a channel: no command is run, and no time passes. */
  entries(channel: ChannelName): readonly CanonicalEntry[] {
    return entriesOf(this.sentinels.leading, channel);
  }

  /** Offset of the oldest entry that is given to anybody; one after the head where none is kept. */
  firstKept(channel: ChannelName): number {
    return firstKeptOf(this.sentinels.leading, channel);
  }

  /** Until when there were two primaries, each of which answered for itself. */
  get doubtfulUntilMs(): number {
    return this.#book.doubtfulUntilMs;
  }

  /** Whether the one that leads must have an entry, by the history that it has lived: whatever its data say. */
  holds(channel: ChannelName, position: Position): boolean {
    return this.#book.holds(this.sentinels.leading, channel, position);
  }

  /** Whether an entry was gone for a while before the one that leads did. */
  wasGone(channel: ChannelName, position: Position): boolean {
    return this.#book.wasGone(this.sentinels.leading, channel, position);
  }

  /** Whether an entry that was acknowledged as replicated had to outlive all that happened since. */
  keeps(channel: ChannelName, position: Position): boolean {
    return this.#book.keeps(channel, position);
  }

  /** SIGKILL. */
  crash(node: SimRedisNode): void {
    this.#startScript.callOff(node);
    node.crash();
    this.sentinels.look();
  }

  /** Starts a Redis that crashed; one that runs crashes first. */
  restart(node: SimRedisNode, { data = 'kept', role = 'asks' }: Restart = {}): void {
    this.crash(node);
    if (role === 'asks') this.#startScript.run(node, data);
    else {
      const { wasPrimary } = node;
      node.start(data);
      if (wasPrimary) node.lead();
      else node.follow(this.primary);
    }
  }

  /** The process hangs: its kernel takes what comes, and it goes on with that when it is resumed. */
  pause(node: SimRedisNode): void {
    node.pause();
    this.sentinels.look();
  }

  resume(node: SimRedisNode): void {
    node.resume();
  }

  /** What is written reaches this replica no more, though it goes on to say that it is there. */
  stallReplication(node: SimRedisNode): void {
    node.stall(true);
  }

  resumeReplication(node: SimRedisNode): void {
    node.stall(false);
  }

  /** `FLUSHALL`. */
  flushAll(): void {
    this.#write(FLUSHALL, []);
    this.#book.wiped(undefined);
  }

  /** A channel's keys are gone, as where a full memory evicts. */
  evict(channel: ChannelName): void {
    this.#write(DEL, [stateKey(channel), historyKey(channel)]);
    this.#book.wiped(channel);
  }

  fullDisk(isFull: boolean): void {
    this.#condition.fullDisk = isFull;
  }

  outOfMemory(isFull: boolean): void {
    this.#condition.outOfMemory = isFull;
  }

  /** The user of the gateways may do nothing any more. */
  withoutRights(isWithout: boolean): void {
    this.#condition.withoutRights = isWithout;
    this.#stir.note();
  }

  /** `min-replicas-to-write`, 1 unless set. */
  minReplicas(count: number): void {
    this.#condition.minReplicas = count;
  }

  /** `SCRIPT FLUSH` on every node. */
  scriptFlush(): void {
    for (const node of this.nodes) node.server.forgetScripts();
  }

  /** `CLIENT KILL TYPE pubsub` on every node. */
  killPubsub(): void {
    for (const node of this.nodes) node.server.hangUp('subscribers');
  }

  /** A gateway's subscriber is dead from here on, and looks alive. */
  muteSubscriber(host: SimHost): void {
    for (const node of this.nodes) node.server.mute(host);
  }

  /** The subscriber connections of a gateway's machine go dead on their way, as where a firewall forgets them. */
  deafen(gateway: string): void {
    for (const node of this.nodes) node.server.deafen(gateway);
  }

  /** Whether a gateway's machine has such a connection, and has not noticed. */
  isDeaf(gateway: string): boolean {
    return this.nodes.some(node => node.server.isDeaf(gateway));
  }

  /** `CLIENT PAUSE` on the primary. */
  clientPause(ms: number): void {
    if (this.primary.role === 'down') return;
    this.primary.server.pauseClients(ms);
    this.#stir.note();
    this.#parts.loop.after(ms, () => this.#stir.note());
  }

  /** Announcements, and nothing else, are repeated, reordered or delayed; `undefined` ends that. */
  troubleAnnouncements(trouble: PipeTrouble | undefined): void {
    this.#routes.trouble.announcements = trouble;
  }

  /** An administrator's command, which nothing refuses. */
  #write(command: Command, args: readonly string[]): void {
    const { leader, server } = this.primary;
    if (leader === undefined) return;
    command.run(server.runner.data, args);
    server.tell();
  }
}
