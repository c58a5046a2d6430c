import { SCHEDULE } from './app/workload.ts';
import { checkEnd } from './check/end.ts';
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
    if (scene.violation === undefined) checkEnd(world);
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
