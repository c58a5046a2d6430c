import { AUDIT, CHAT } from './app/workload.ts';
import { checkEnd } from './check/end.ts';
import { checkNobodyListed, checkSeen } from './check/ghosts.ts';
import { checkRepublished } from './check/lost-publishes.ts';
import { checkPresence } from './check/presence.ts';
import { checkProducers } from './check/producers.ts';
import { checkClosed, checkEmpty, checkHearing } from './check/remains.ts';
import type { Violation } from './check/violation.ts';
import { inflict } from './faults/inflict.ts';
import { planFaults } from './faults/plan-faults.ts';
import type { Scene, SceneOptions } from './world/scene.ts';
import { World } from './world.ts';

/** What became of one seed. */
export type Outcome = {
  readonly seed: number;
  readonly events: number;
  readonly simulatedMs: number;
  /** What happened in it, and how often. */
  readonly counts: ReadonlyMap<string, number>;
  readonly violation?: Violation;
};

/** How long after the last fault the last publications are published at the earliest, and how long they have to arrive. */
const LAST_MS = 16_000;
const ARRIVAL_MS = 6_000;
/** How long the tier has to be well before that, and until when it has to be: its failovers may fail, and take their time. */
const WELL_MS = 14_000;
const WELL_UNTIL_MS = 120_000;
/** How long gateways have to notice that their clients are gone. */
const GONE_MS = 1_000;

/** The world that is being lived through: what nobody awaits in this thread was begun there. */
let living: Scene | undefined;
process.on('unhandledRejection', reason => living?.crashed('a promise that nobody awaits', reason));

/** Lives through one world; the same seed always ends the same way. Called from a plain callback, never from a promise. */
export function simulate(seed: number, options: SceneOptions = {}): Outcome {
  const plan = planFaults(seed);
  const world = new World(seed, plan, options);
  const { scene } = world;
  living = scene;
  try {
    world.begin();
    inflict(world, plan);
    live(world, plan.overMs + LAST_MS);
    if (scene.violation === undefined) end(world);
  } catch (reason) {
    scene.crashed('an event', reason);
  }
  return {
    seed,
    events: scene.loop.events,
    simulatedMs: scene.loop.nowMs,
    counts: scene.counts,
    ...(scene.violation === undefined ? {} : { violation: scene.violation }),
  };
}

/** Lets everything happen, and leaves the world alone until it should be as if nothing had. */
function live(world: World, lastMs: number): void {
  const { loop, tier } = world.scene;
  loop.run(lastMs);
  while (loop.nowMs - tier.healthySinceMs < WELL_MS && loop.nowMs < WELL_UNTIL_MS) {
    if (world.scene.violation !== undefined) return;
    loop.run(loop.nowMs + 1_000);
  }
  world.publishLast();
  loop.run(loop.nowMs + ARRIVAL_MS);
}

/** Everything that must be true once the world has been left alone, and once its clients are gone. */
function end(world: World): void {
  const { scene, apps } = world;
  checkEnd(world);
  for (const gateway of world.gateways) checkHearing(scene, gateway);
  const isChatty = world.channels.includes(CHAT);
  if (isChatty) checkPresence(scene, apps, CHAT);
  if (isChatty) checkSeen(scene, apps, CHAT);
  checkRepublished(world, apps, CHAT);
  checkProducers(scene, world.book, AUDIT);
  for (const { client } of apps) client?.client.close();
  for (const { client } of apps) if (client !== undefined) checkClosed(scene, client);
  scene.loop.run(scene.loop.nowMs + GONE_MS);
  for (const gateway of world.gateways) checkEmpty(scene, gateway);
  if (isChatty && scene.violation === undefined) checkNobodyListed(scene, CHAT);
}
