import { average } from './average.ts';
import { background } from './background.ts';
import type { Profile, ProfileName } from './profile.ts';
import { smoke } from './smoke.ts';
import { soak } from './soak.ts';
import { spike } from './spike.ts';
import { stress } from './stress.ts';

/** Every profile by its name. */
export const PROFILES: { readonly [name in ProfileName]: Profile } = {
  background,
  smoke,
  average,
  stress,
  spike,
  soak,
};
