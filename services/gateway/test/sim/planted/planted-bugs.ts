import type { PlantedBug } from './planted-bug.ts';

/** Every bug that the simulation must catch. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'gap-check-off-by-one',
    file: 'services/gateway/src/channel/stream-cursor.ts',
    find: 'if (next.offset === cursor.offset + 1) return',
    replace: 'if (next.offset === cursor.offset + 1 || next.offset === cursor.offset + 2) return',
    why: 'a gateway takes the publication after the next one for the next one',
    breaks: 'I1',
  },
];

/** The bug of this name. */
export function findBug(name: string): PlantedBug | undefined {
  return PLANTED_BUGS.find(bug => bug.name === name);
}
