import type { Profile } from './profile.ts';

/** A minute that shows whether everything works; for every commit. */
export const smoke: Profile = {
  name: 'smoke',
  chatGroups: 1,
  gamingGroups: 1,
  rampMs: 2_000,
  holdMs: 20_000,
};
