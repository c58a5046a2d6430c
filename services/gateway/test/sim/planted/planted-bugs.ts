import { GATEWAY_BUGS } from './gateway-bugs.ts';
import type { PlantedBug } from './planted-bug.ts';
import { REDIS_BUGS } from './redis-bugs.ts';
import { SDK_BUGS } from './sdk-bugs.ts';

/** Every bug that the simulation must catch. */
export const PLANTED_BUGS: readonly PlantedBug[] = [...REDIS_BUGS, ...GATEWAY_BUGS, ...SDK_BUGS];

/** The bug of this name. */
export function findBug(name: string): PlantedBug | undefined {
  return PLANTED_BUGS.find(bug => bug.name === name);
}
