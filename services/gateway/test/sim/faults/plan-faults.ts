import type { Random } from '@kittiwake/base';
import { CLIENTS } from '../app/workload.ts';
import { between, pick, simRandom } from '../world/sim-random.ts';
import type { Fault, FaultKind, Harm } from './fault.ts';

/** When faults begin at the earliest, and when the last one is over. */
export const FAULTS = { fromMs: 3_000, untilMs: 40_000 } as const;

const GATEWAYS = 3;
const HOUR_MS = 3_600_000;
const FAULTS_MAX = 12;

/** How each kind goes wrong, and for how long, in milliseconds. */
const KINDS: { readonly [K in FaultKind]: Kind } = {
  'gateway-crash': {
    lastsMs: [100, 8_000],
    harm: random => ({ kind: 'gateway-crash', ...gateway(random), told: coin(random) }),
  },
  'gateway-pause': {
    lastsMs: [100, 20_000],
    harm: random => ({ kind: 'gateway-pause', ...gateway(random) }),
  },
  'gateway-drain': { lastsMs: [0, 0], harm: random => ({ kind: 'gateway-drain', ...gateway(random) }) },
  'gateway-clock': {
    lastsMs: [1_000, 15_000],
    harm: random => ({ kind: 'gateway-clock', ...gateway(random), ...jump(random) }),
  },
  'client-crash': {
    lastsMs: [100, 10_000],
    harm: random => ({ kind: 'client-crash', ...client(random), told: coin(random) }),
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
  'memory-failover': {
    lastsMs: [0, 0],
    harm: random => ({ kind: 'memory-failover', lost: Math.floor(random.next() * 4) }),
  },
};

type Kind = {
  readonly lastsMs: readonly [min: number, max: number];
  readonly harm: (random: Random) => Harm;
};

/** What goes wrong in the world of a seed. Pure. */
export type FaultPlan = { readonly faults: readonly Fault[]; readonly tokensLastMs: number };

/**
 * Plans the faults of a seed: a random part of the kinds, each as often and as long as chance has it, so that some worlds
 * are calm, some suffer from one thing again and again, and some from everything at once ("swarm testing").
 */
export function planFaults(seed: number): FaultPlan {
  const random = simRandom(seed, 'faults');
  const share = random.next();
  const kinds = (Object.keys(KINDS) as FaultKind[]).filter(() => random.next() < share);
  const count = kinds.length === 0 ? 0 : Math.floor(random.next() * FAULTS_MAX) + 1;
  const faults = Array.from({ length: count }, () => fault(random, pick(random, kinds)));
  const tokensLastMs = random.next() < 0.7 ? HOUR_MS : Math.round(between(random, 4_000, 25_000));
  return { faults: faults.sort((a, b) => a.atMs - b.atMs), tokensLastMs };
}

function fault(random: Random, name: FaultKind): Fault {
  const { lastsMs, harm } = KINDS[name];
  const atMs = between(random, FAULTS.fromMs, FAULTS.untilMs - 1_000);
  // Short ones are as likely as long ones.
  const lasts = lastsMs[0] + (lastsMs[1] - lastsMs[0]) * random.next() ** 2;
  return { atMs, untilMs: Math.min(FAULTS.untilMs, atMs + lasts), ...harm(random) };
}

function gateway(random: Random): { readonly gateway: number } {
  return { gateway: Math.floor(random.next() * GATEWAYS) };
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
