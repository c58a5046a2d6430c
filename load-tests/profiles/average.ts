import type { Profile } from './profile.ts';

/** An ordinary hour, in ten minutes. */
export const average: Profile = {
  name: 'average',
  chatGroups: 10,
  gamingGroups: 5,
  rampMs: 30_000,
  holdMs: 600_000,
};
