import { assertNever } from '@kittiwake/base';
import type { ChannelName } from '@kittiwake/protocol';
import type { SimRedisTier } from '../redis/sim-redis-tier.ts';
import type { Scene } from '../world/scene.ts';
import type { Fault, Redis, Side } from './fault.ts';

/** Faults of the tier, and of the ways in it. */
export type RedisFault = Exclude<
  Fault,
  { readonly gateway: number } | { readonly client: number } | { readonly kind: 'tokens-down' }
>;

/** What is harmed. */
export type Harmed = { readonly scene: Scene; readonly channels: readonly ChannelName[] };

type Node = SimRedisTier['nodes'][number];

/** Does the harm; what is returned ends it. */
export function harmRedis({ scene, channels }: Harmed, fault: RedisFault): () => void {
  switch (fault.kind) {
    case 'redis-crash':
    case 'redis-pause':
    case 'redis-lag':
    case 'redis-restart':
      return harmNode(scene, fault);
    case 'redis-lossy-failover':
      return lossyFailover(scene, fault);
    case 'partition':
      return partition(scene, fault);
    case 'slow-network':
      return slowNetwork(scene, fault);
    case 'redis-flush':
    case 'redis-evict':
      return loseData(scene, channels, fault);
    default:
      return harmService(scene.tier.redis, fault);
  }
}

function harmNode({ tier }: Scene, fault: Extract<RedisFault, { readonly redis: Redis }>): () => void {
  const { redis } = tier;
  const node = nodeOf(redis, fault.redis);
  switch (fault.kind) {
    case 'redis-crash':
      redis.crash(node);
      return () => redis.restart(node, { data: fault.data });
    case 'redis-pause':
      redis.pause(node);
      return () => redis.resume(node);
    case 'redis-lag':
      redis.stallReplication(node);
      return () => redis.resumeReplication(node);
    case 'redis-restart':
      redis.restart(node, { data: fault.data, role: 'as it was' });
      return nothing;
    default:
      return assertNever(fault);
  }
}

function lossyFailover(
  { tier: { redis }, loop }: Scene,
  { lagMs, hangs }: Extract<RedisFault, { readonly kind: 'redis-lossy-failover' }>,
): () => void {
  for (const node of redis.nodes) redis.stallReplication(node);
  const { primary } = redis;
  let phase: 'lagging' | 'harmed' | 'over' = 'lagging';
  loop.after(lagMs, () => {
    // Cut short by the end of all faults.
    if (phase === 'over') return;
    phase = 'harmed';
    if (hangs) redis.pause(primary);
    else redis.crash(primary);
  });
  return () => {
    for (const node of redis.nodes) redis.resumeReplication(node);
    if (phase === 'harmed' && hangs) redis.resume(primary);
    else if (phase === 'harmed') redis.restart(primary);
    phase = 'over';
  };
}

function loseData(
  { tier }: Scene,
  channels: readonly ChannelName[],
  fault: Extract<RedisFault, { readonly kind: 'redis-flush' | 'redis-evict' }>,
): () => void {
  if (fault.kind === 'redis-flush') tier.redis.flushAll();
  else {
    const channel = channels[fault.channel % channels.length];
    if (channel !== undefined) tier.redis.evict(channel);
  }
  return nothing;
}

type ServiceFault = Exclude<
  RedisFault,
  | { readonly redis: Redis }
  | { readonly kind: 'redis-lossy-failover' | 'partition' | 'slow-network' | 'redis-flush' | 'redis-evict' }
>;

function harmService(redis: SimRedisTier, fault: ServiceFault): () => void {
  switch (fault.kind) {
    case 'redis-disk-full':
      redis.fullDisk(true);
      return () => redis.fullDisk(false);
    case 'redis-memory-full':
      redis.outOfMemory(true);
      return () => redis.outOfMemory(false);
    case 'redis-rights':
      redis.withoutRights(true);
      return () => redis.withoutRights(false);
    case 'redis-script-flush':
      redis.scriptFlush();
      return nothing;
    case 'redis-kill-pubsub':
      redis.killPubsub();
      return nothing;
    case 'redis-client-pause':
      redis.clientPause(fault.forMs);
      return nothing;
    case 'announcements':
      redis.troubleAnnouncements({ duplicate: fault.duplicate, reorder: fault.reorder, delayMs: 0 });
      return () => redis.troubleAnnouncements(undefined);
    default:
      return assertNever(fault);
  }
}

function partition({ network }: Scene, between: Between): () => void {
  const cut = waysOf(between);
  for (const [from, to] of cut) network.cut(from, to);
  return () => {
    for (const [from, to] of cut) network.heal(from, to);
  };
}

function slowNetwork({ network }: Scene, fault: Between & { readonly delayMs: number }): () => void {
  const slowed = waysOf(fault);
  for (const [from, to] of slowed) network.slow(from, to, fault.delayMs);
  return () => {
    for (const [from, to] of slowed) network.slow(from, to, 0);
  };
}

type Between = { readonly one: Side; readonly other: Side; readonly way: 'both' | 'one' };

function waysOf({ one, other, way }: Between): readonly (readonly [from: string, to: string])[] {
  const ways = one.flatMap(from => other.map(to => [from, to] as const));
  return way === 'one' ? ways : ways.flatMap(([from, to]) => [[from, to] as const, [to, from] as const]);
}

function nodeOf(redis: SimRedisTier, which: Redis): Node {
  return (which === 'primary' ? undefined : redis.nodes[which]) ?? redis.primary;
}

function nothing(): void {}
