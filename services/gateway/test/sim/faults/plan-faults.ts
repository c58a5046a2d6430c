import type { Random } from '@kittiwake/base';
import { between, pick, simRandom } from '../world/sim-random.ts';
import type { Fault, FaultKind, FaultPlan } from './fault.ts';
import { FAULT_KINDS } from './fault-kinds.ts';

/** When faults begin at the earliest, and between which moments the last one is over. */
const FROM_MS = 3_000;
const OVER_MS = { least: 12_000, most: 38_000 };
/** How long before that the last one begins at the latest. */
const LAST_MS = 1_000;
const HOUR_MS = 3_600_000;
const FAULTS_MAX = 9;
/** Worlds in which more goes wrong, one thing soon after the other, where everybody is still busy with the one before. */
const STORM = { likely: 0.25, faultsMax: 18, nearMs: 2_500 };

/** What a history is lost by as a whole tells least about what is lost in part; that is what most is promised about. */
const LIKELY: { readonly [K in FaultKind]?: number } = {
  'redis-flush': 0.4,
  'redis-evict': 0.4,
  'redis-lossy-failover': 3,
};

/**
 * Plans the faults of a seed: a random part of the kinds, each as often and as long as chance has it, so that some worlds
 * are calm, some suffer from one thing again and again, and some from everything at once ("swarm testing"). Pure.
 */
export function planFaults(seed: number): FaultPlan {
  const random = simRandom(seed, 'faults');
  const share = random.next();
  const kinds = (Object.keys(FAULT_KINDS) as FaultKind[]).filter(
    kind => random.next() < share * (LIKELY[kind] ?? 1),
  );
  const storms = random.next() < STORM.likely;
  const countMax = storms ? STORM.faultsMax : FAULTS_MAX;
  const count = kinds.length === 0 ? 0 : Math.floor(random.next() * countMax) + 1;
  const overMs = between(random, OVER_MS.least, OVER_MS.most);
  const faults: Fault[] = [];
  for (let n = 0; n < count; n += 1) {
    const before = storms ? faults.at(-1) : undefined;
    faults.push(fault(random, pick(random, kinds), { before, overMs }));
  }
  const tokensLastMs = random.next() < 0.7 ? HOUR_MS : Math.round(4_000 + random.next() * 21_000);
  return { faults: faults.sort((a, b) => a.atMs - b.atMs), overMs, tokensLastMs };
}

type When = { readonly before: Fault | undefined; readonly overMs: number };

function fault(random: Random, name: FaultKind, { before, overMs }: When): Fault {
  const { lastsMs, harm } = FAULT_KINDS[name];
  const lastMs = overMs - LAST_MS;
  const atMs = before === undefined ? between(random, FROM_MS, lastMs) : soonAfter(random, before, lastMs);
  // Short ones are as likely as long ones.
  const lasts = lastsMs[0] + (lastsMs[1] - lastsMs[0]) * random.next() ** 2;
  return { atMs, untilMs: Math.min(overMs, atMs + lasts), ...harm(random) };
}

/** Soon after another one began, or after it was over. */
function soonAfter(random: Random, { atMs, untilMs }: Fault, lastMs: number): number {
  const nearMs = (random.next() < 0.5 ? atMs : untilMs) + random.next() ** 2 * STORM.nearMs;
  return nearMs < lastMs ? nearMs : between(random, FROM_MS, lastMs);
}
