import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Random, randomInt, systemClock } from '@kittiwake/base';
import { createSeededRandom, elapse } from '@kittiwake/testkit';
import type { RoundVerdict } from './checker/checker.ts';
import type { DrillOptions, FaultKind } from './drill-options.ts';
import { crash } from './faults/crash.ts';
import type { Fault } from './faults/fault.ts';
import { lagging } from './faults/lagging.ts';
import { partition } from './faults/partition.ts';
import { zombie } from './faults/zombie.ts';
import { type House, openHouse } from './house.ts';

/** What a drill came to. */
export type Drilled = {
  readonly verdicts: readonly RoundVerdict[];
  /** Folder with the logs of everybody. */
  readonly folder: string;
};

/** Called after each round. */
export type OnRound = (verdict: RoundVerdict) => void;

const FAULTS: { readonly [K in FaultKind]: Fault } = { crash, zombie, lagging, partition };
/** Of ten mixed failovers: what the issue asks for. */
const MIX: readonly FaultKind[] = [
  'crash',
  'crash',
  'crash',
  'crash',
  'zombie',
  'zombie',
  'lagging',
  'lagging',
  'partition',
  'partition',
];

/** Load before a fault, and after everything is whole again. */
const BEFORE_MS = 2_000;
const AFTER_MS = 1_000;
/** Load after a fault where nobody waits until everything is whole. */
const AFTER_QUICK_MS = 3_000;
const WHOLE_MS = 90_000;
const CAUGHT_UP_MS = 60_000;
/** Kills of a gateway between two readings of the log, and load between two kills. */
const KILLS_PER_ROUND = 10;
const BETWEEN_KILLS_MS = 1_500;
const KILLS_OF_EACH = 5;

/** Runs a drill from the start of the tier to the end of all processes. `signal` ends it early. */
export async function runDrill(options: DrillOptions, onRound: OnRound): Promise<Drilled> {
  const folder = await mkdtemp(join(tmpdir(), 'kittiwake-drill-'));
  const house = await openHouse({ ...options, folder });
  const verdicts: RoundVerdict[] = [];
  try {
    for (const run of roundsOf(options, house)) {
      const verdict = await run(verdicts.length + 1);
      verdicts.push(verdict);
      onRound(verdict);
    }
  } finally {
    await house.stop();
  }
  return { verdicts, folder };
}

type Round = (round: number) => Promise<RoundVerdict>;

function* roundsOf(options: DrillOptions, house: House): Generator<Round> {
  const { kind, times, seed, quick } = options;
  const random = createSeededRandom(seed);
  switch (kind) {
    case 'gateways':
      for (let done = 0; done < times; done += KILLS_PER_ROUND) {
        const victims = drawVictims(random, Math.min(KILLS_PER_ROUND, times - done), house.fleet.size);
        yield round => killGateways(house, { round, kind, victims });
      }
      return;
    case 'storm':
      yield round => killGateways(house, { round, kind, victims: [[0]] });
      yield round => killGateways(house, { round, kind, victims: [[0, 1, 2]] });
      return;
    case 'each': {
      const victims = drawVictims(random, KILLS_OF_EACH, house.fleet.size);
      yield round => killGateways(house, { round, kind: 'gateways', victims });
      // Those first after which the tier is whole again soonest.
      for (const fault of ['crash', 'lagging', 'zombie', 'partition'] as const)
        yield round => failOver(house, { round, fault, quick });
      return;
    }
    default:
      for (const fault of faultsOf(kind, times, random))
        yield round => failOver(house, { round, fault, quick });
  }
}

/** One fault again and again, or a mix that has its shares in every ten. */
function* faultsOf(kind: FaultKind | 'mixed', times: number, random: Random): Generator<FaultKind> {
  let bag: FaultKind[] = [];
  for (let done = 0; done < times; done += 1) {
    if (bag.length === 0) bag = kind === 'mixed' ? [...MIX] : [kind];
    yield* bag.splice(randomInt(random, bag.length), 1);
  }
}

function drawVictims(random: Random, kills: number, gateways: number): readonly (readonly number[])[] {
  return Array.from({ length: kills }, () => [randomInt(random, gateways)]);
}

async function failOver(
  house: House,
  { round, fault, quick }: { readonly round: number; readonly fault: FaultKind; readonly quick: boolean },
): Promise<RoundVerdict> {
  await house.publish(true);
  // Where nobody waited for it after the fault before.
  await house.tier.sentinel.settled(WHOLE_MS);
  await elapse(BEFORE_MS);
  const { what, faultAtMs } = await FAULTS[fault]({ tier: house.tier, clock: systemClock });
  if (quick) await elapse(AFTER_QUICK_MS);
  else await house.tier.sentinel.settled(WHOLE_MS);
  const wholeAfterMs = systemClock.nowMs() - faultAtMs;
  await elapse(quick ? 0 : AFTER_MS);
  return house.close({ round, kind: fault, what, faultAtMs, wholeAfterMs });
}

/** Kills gateways, some at once, and starts them again; the next ones follow when everybody has everything. */
async function killGateways(
  house: House,
  plan: { readonly round: number; readonly kind: string; readonly victims: readonly (readonly number[])[] },
): Promise<RoundVerdict> {
  const { round, kind, victims } = plan;
  await house.publish(true);
  await elapse(BEFORE_MS);
  let faultAtMs = 0;
  let caughtUpAfterMs = 0;
  for (const together of victims) {
    await elapse(BETWEEN_KILLS_MS);
    faultAtMs = faultAtMs === 0 ? systemClock.nowMs() : faultAtMs;
    const killedMs = systemClock.monotonicMs();
    await Promise.all(together.map(index => house.fleet.kill(index)));
    const restarted = Promise.all(together.map(index => house.restartGateway(index)));
    await house.untilCaughtUp(CAUGHT_UP_MS);
    caughtUpAfterMs = Math.max(caughtUpAfterMs, systemClock.monotonicMs() - killedMs);
    await restarted;
  }
  const gatewaysKilled = victims.flat().length;
  const what = `kill -9 of ${gatewaysKilled === 1 ? 'a gateway' : `${gatewaysKilled} gateways`}`;
  const wholeAfterMs = systemClock.nowMs() - faultAtMs;
  return house.close({ round, kind, what, faultAtMs, wholeAfterMs, caughtUpAfterMs, gatewaysKilled });
}
