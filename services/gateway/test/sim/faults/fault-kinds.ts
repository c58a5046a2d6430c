import type { Random } from '@kittiwake/base';
import { CLIENTS } from '../app/workload.ts';
import { between, pick } from '../world/sim-random.ts';
import type { FaultKind, Harm, KeptData, Redis, Side } from './fault.ts';

/** How a kind of fault goes wrong, and how long that lasts at least and at most. */
export type Kind = {
  readonly lastsMs: readonly [min: number, max: number];
  readonly harm: (random: Random) => Harm;
};

const MACHINES = 3;
const HOUR_MS = 3_600_000;
const REDIS = ['redis-0', 'redis-1', 'redis-2'];
const GATEWAYS = ['g0', 'g1', 'g2'];
const SENTINELS = ['sentinel-0', 'sentinel-1', 'sentinel-2'];

/** Everything that can go wrong. */
export const FAULT_KINDS: { readonly [K in FaultKind]: Kind } = {
  'gateway-crash': {
    lastsMs: [100, 8_000],
    harm: random => ({ kind: 'gateway-crash', ...gateway(random), told: coin(random) }),
  },
  'gateway-pause': {
    lastsMs: [100, 20_000],
    harm: random => ({ kind: 'gateway-pause', ...gateway(random) }),
  },
  'gateway-drain': { lastsMs: [0, 0], harm: random => ({ kind: 'gateway-drain', ...gateway(random) }) },
  'gateway-shed': {
    lastsMs: [0, 0],
    harm: random => ({
      kind: 'gateway-shed',
      ...gateway(random),
      sessions: Math.round(between(random, 1, CLIENTS)),
    }),
  },
  'gateway-deaf': { lastsMs: [0, 0], harm: random => ({ kind: 'gateway-deaf', ...gateway(random) }) },
  'gateway-clock': {
    lastsMs: [1_000, 15_000],
    harm: random => ({ kind: 'gateway-clock', ...gateway(random), ...jump(random) }),
  },
  'client-crash': {
    lastsMs: [100, 10_000],
    harm: random => ({ kind: 'client-crash', ...client(random), told: coin(random) }),
  },
  'client-overtaken': {
    lastsMs: [500, 12_000],
    harm: random => ({ kind: 'client-overtaken', ...client(random) }),
  },
  'client-sleep': { lastsMs: [500, 25_000], harm: random => ({ kind: 'client-sleep', ...client(random) }) },
  'client-clock': {
    lastsMs: [1_000, 15_000],
    harm: random => ({ kind: 'client-clock', ...client(random), ...jump(random) }),
  },
  'client-hidden': {
    lastsMs: [1_000, 20_000],
    harm: random => ({ kind: 'client-hidden', ...client(random) }),
  },
  'client-stall': { lastsMs: [500, 14_000], harm: random => ({ kind: 'client-stall', ...client(random) }) },
  'client-reset': {
    lastsMs: [0, 0],
    harm: random => ({
      kind: 'client-reset',
      ...client(random),
      told: pick(random, ['both', 'client', 'gateway']),
    }),
  },
  'client-cut': {
    lastsMs: [200, 18_000],
    harm: random => ({ kind: 'client-cut', ...client(random), way: pick(random, ['both', 'up', 'down']) }),
  },
  'client-delay': {
    lastsMs: [1_000, 15_000],
    harm: random => ({ kind: 'client-delay', ...client(random), delayMs: between(random, 20, 2_500) }),
  },
  'client-proxy': {
    lastsMs: [5_000, 30_000],
    harm: random => ({
      kind: 'client-proxy',
      ...client(random),
      duplicate: random.next() * 0.5,
      swap: random.next() * 0.5,
    }),
  },
  'tokens-down': { lastsMs: [1_000, 12_000], harm: () => ({ kind: 'tokens-down' }) },
  'redis-crash': {
    lastsMs: [100, 15_000],
    harm: random => ({ kind: 'redis-crash', redis: redis(random), data: kept(random) }),
  },
  'redis-pause': {
    lastsMs: [100, 12_000],
    harm: random => ({ kind: 'redis-pause', redis: redis(random) }),
  },
  'redis-lag': {
    lastsMs: [500, 12_000],
    harm: random => ({ kind: 'redis-lag', redis: Math.floor(random.next() * MACHINES) }),
  },
  'redis-lossy-failover': {
    lastsMs: [4_000, 14_000],
    harm: random => ({
      kind: 'redis-lossy-failover',
      lagMs: Math.round(between(random, 100, 3_500)),
      hangs: coin(random),
    }),
  },
  'redis-restart': {
    lastsMs: [0, 0],
    harm: random => ({ kind: 'redis-restart', redis: redis(random), data: kept(random) }),
  },
  partition: { lastsMs: [200, 15_000], harm: random => ({ kind: 'partition', ...sides(random) }) },
  'slow-network': {
    lastsMs: [500, 15_000],
    harm: random => ({
      kind: 'slow-network',
      ...sides(random),
      delayMs: Math.round(between(random, 5, 60) ** 2),
    }),
  },
  'redis-flush': { lastsMs: [0, 0], harm: () => ({ kind: 'redis-flush' }) },
  'redis-evict': {
    lastsMs: [0, 0],
    harm: random => ({ kind: 'redis-evict', channel: Math.floor(random.next() * MACHINES) }),
  },
  'redis-disk-full': { lastsMs: [500, 10_000], harm: () => ({ kind: 'redis-disk-full' }) },
  'redis-memory-full': { lastsMs: [500, 10_000], harm: () => ({ kind: 'redis-memory-full' }) },
  'redis-rights': { lastsMs: [500, 10_000], harm: () => ({ kind: 'redis-rights' }) },
  'redis-script-flush': { lastsMs: [0, 0], harm: () => ({ kind: 'redis-script-flush' }) },
  'redis-kill-pubsub': { lastsMs: [0, 0], harm: () => ({ kind: 'redis-kill-pubsub' }) },
  'redis-client-pause': {
    lastsMs: [0, 0],
    harm: random => ({ kind: 'redis-client-pause', forMs: Math.round(between(random, 50, 4_000)) }),
  },
  announcements: {
    lastsMs: [1_000, 15_000],
    harm: random => ({
      kind: 'announcements',
      duplicate: random.next() * 0.3,
      reorder: random.next() * 0.3,
    }),
  },
};

/** One against all, two against one, a gateway against Redis: who is on which side. */
function sides(random: Random): { readonly one: Side; readonly other: Side; readonly way: 'both' | 'one' } {
  const way = random.next() < 0.7 ? 'both' : 'one';
  const [node, others] = apart(random, REDIS);
  const [gate, gates] = apart(random, GATEWAYS);
  // A machine may have a Sentinel beside its Redis.
  const [beside, apartFrom] = apart(random, SENTINELS);
  const [near, far] = coin(random) ? [[beside], apartFrom] : [[], SENTINELS];
  switch (Math.floor(random.next() * 6)) {
    case 0:
      return { one: [node], other: [...others, ...GATEWAYS, ...SENTINELS], way };
    case 1:
      return { one: [gate], other: [...REDIS, ...SENTINELS], way };
    case 2:
      return { one: [gate], other: [node], way };
    case 3:
      return { one: [node], other: coin(random) ? others : SENTINELS, way };
    case 4:
      return { one: [node, gate, ...near], other: [...others, ...gates, ...far], way };
    default:
      return { one: SENTINELS, other: coin(random) ? REDIS : GATEWAYS, way };
  }
}

/** One of them, and the rest. */
function apart(random: Random, all: Side): readonly [string, Side] {
  const chosen = pick(random, all);
  return [chosen, all.filter(other => other !== chosen)];
}

function redis(random: Random): Redis {
  return random.next() < 0.6 ? 'primary' : Math.floor(random.next() * MACHINES);
}

function kept(random: Random): KeptData {
  const chance = random.next();
  return chance < 0.7 ? 'kept' : chance < 0.9 ? 'last second lost' : 'empty';
}

function gateway(random: Random): { readonly gateway: number } {
  return { gateway: Math.floor(random.next() * MACHINES) };
}

function client(random: Random): { readonly client: number } {
  return { client: Math.floor(random.next() * CLIENTS) };
}

function jump(random: Random): { readonly jumpMs: number } {
  return { jumpMs: coin(random) ? HOUR_MS : -HOUR_MS };
}

function coin(random: Random): boolean {
  return random.next() < 0.5;
}
