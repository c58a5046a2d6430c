import type { Profile } from './profile.ts';

/** Something that goes on beside what somebody else measures: eighty clients that chat. */
export const background: Profile = {
  name: 'background',
  chatGroups: 2,
  gamingGroups: 0,
  rampMs: 1_000,
  holdMs: 60_000,
};
