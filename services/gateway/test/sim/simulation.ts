import { AUDIT, CHAT, SCHEDULE } from './app/workload.ts';
import { checkEnd } from './check/end.ts';
import { checkOrder, checkRepublished } from './check/lost-publishes.ts';
import { checkPresence } from './check/presence.ts';
import { checkClosed, checkEmpty } from './check/remains.ts';
import type { Violation } from './check/violation.ts';
import { inflict } from './faults/inflict.ts';
import { planFaults } from './faults/plan-faults.ts';
import type { SceneOptions } from './world/scene.ts';
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

/** How long gateways have to notice that their clients are gone. */
const GONE_MS = 1_000;

/** Lives through one world; the same seed always ends the same way. Called from a plain callback, never from a promise. */
export function simulate(seed: number, options: SceneOptions = {}): Outcome {
  const world = new World(seed, options);
  const { scene } = world;
  const onRejection = (reason: unknown): void => scene.crashed('a promise that nobody awaits', reason);
  process.on('unhandledRejection', onRejection);
  try {
    world.begin();
    inflict(world, planFaults(seed));
    scene.loop.run(SCHEDULE.endMs);
    if (scene.violation === undefined) end(world);
  } catch (reason) {
    scene.crashed('an event', reason);
  } finally {
    process.off('unhandledRejection', onRejection);
  }
  return {
    seed,
    events: scene.loop.events,
    simulatedMs: scene.loop.nowMs,
    counts: scene.counts,
    ...(scene.violation === undefined ? {} : { violation: scene.violation }),
  };
}

/** Everything that must be true once the world has been left alone, and once its clients are gone. */
function end(world: World): void {
  const { scene, apps } = world;
  checkEnd(world);
  checkPresence(scene, apps, CHAT);
  checkRepublished(world, apps, CHAT);
  checkOrder(scene, world.book, AUDIT);
  for (const { client } of apps) client?.client.close();
  for (const { client } of apps) if (client !== undefined) checkClosed(scene, client);
  scene.loop.run(scene.loop.nowMs + GONE_MS);
  for (const gateway of world.gateways) checkEmpty(scene, gateway);
}
