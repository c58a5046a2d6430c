import type { Profile } from './profile.ts';

/** Twice what one expects at the peak. */
export const stress: Profile = {
  name: 'stress',
  chatGroups: 40,
  gamingGroups: 20,
  rampMs: 120_000,
  holdMs: 900_000,
};
