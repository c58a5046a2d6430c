import type { Profile } from './profile.ts';

/** Everybody at once, and nobody ramps up. */
export const spike: Profile = { name: 'spike', chatGroups: 40, gamingGroups: 20, rampMs: 0, holdMs: 120_000 };
