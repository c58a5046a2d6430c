import type { Profile } from './profile.ts';

/** A minute that shows whether everything works; for every commit. */
export const smoke: Profile = {
  name: 'smoke',
  chatGroups: 2,
  gamingGroups: 2,
  rampMs: 2_000,
  holdMs: 20_000,
};
