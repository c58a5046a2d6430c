import type { Profile } from '../profiles/profile.ts';
import type { Use } from './uses.ts';

/** One virtual user per group, each for one long iteration: a socket cannot outlive the iteration that opened it. */
export type GroupScenario = {
  readonly executor: 'per-vu-iterations';
  readonly exec: string;
  readonly vus: number;
  readonly iterations: 1;
  readonly maxDuration: string;
  readonly gracefulStop: string;
};

/** Arriving, joining, settling and leaving take longer than holding; a stuck dial of k6 takes up to a minute. */
const MARGIN_MS = 120_000;

/** k6's scenarios of a profile: one per use that it has. */
export function groupScenarios(profile: Profile): { readonly [use in Use]?: GroupScenario } {
  const scenario = (exec: Use, vus: number): GroupScenario => ({
    executor: 'per-vu-iterations',
    exec,
    vus,
    iterations: 1,
    maxDuration: `${Math.ceil((profile.rampMs + profile.holdMs + MARGIN_MS) / 1_000)}s`,
    gracefulStop: '5s',
  });
  return {
    ...(profile.chatGroups > 0 && { chat: scenario('chat', profile.chatGroups) }),
    ...(profile.gamingGroups > 0 && { gaming: scenario('gaming', profile.gamingGroups) }),
  };
}

/** When a group arrives: evenly over the ramp, in the order of its number (from 0). */
export function arrivalMs(profile: Profile, group: number): number {
  const groups = profile.chatGroups + profile.gamingGroups;
  return Math.floor((profile.rampMs * group) / groups);
}
