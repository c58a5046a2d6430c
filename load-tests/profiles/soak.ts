import type { Profile } from './profile.ts';

/** A long day: leaks and drift show. */
export const soak: Profile = {
  name: 'soak',
  chatGroups: 10,
  gamingGroups: 5,
  rampMs: 60_000,
  holdMs: 14_400_000,
};
