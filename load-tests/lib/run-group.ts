import { check } from 'k6';
import exec from 'k6/execution';
import { systemRandom } from '../../packages/base/src/random.ts';
import { Group } from '../actors/group.ts';
import { k6Clock } from './k6-clock.ts';
import { k6Sockets } from './k6-socket.ts';
import { k6Measures } from './measures.ts';
import { arrivalMs } from './run-plan.ts';
import type { Settings } from './settings.ts';
import { obtainTokens } from './tokens.ts';
import { USES, type Use } from './uses.ts';

/** What `setup()` hands to every group: plain data, as k6 copies it. */
export type SetupData = { readonly runId: string; readonly tokens: readonly string[] };

/** Gets a token for each group, and a name for the run: runs, and runners of one run, share no channel. */
export function prepare(settings: Settings): SetupData {
  const runId = systemRandom.hex(4);
  const groups = settings.profile.chatGroups + settings.profile.gamingGroups;
  return { runId, tokens: obtainTokens(settings, groups, runId) };
}

/** What a group's run needs. */
export type GroupRun = {
  readonly use: Use;
  readonly settings: Settings;
  readonly data: SetupData;
  /** Called when everybody is there and talks. @default nothing */
  during?(group: Group): void;
  /** Says when the group is to leave. @default after the time of the profile */
  readonly until?: ((leave: () => void) => void) | undefined;
};

/** Runs one group in this virtual user. */
export function runGroup({ use, settings, data, during, until }: GroupRun): void {
  const { profile, url } = settings;
  const number = exec.vu.idInTest - 1;
  const token = data.tokens[number % data.tokens.length] ?? '';
  const group = new Group({
    open: k6Sockets(url),
    clock: k6Clock,
    random: systemRandom,
    token,
    measures: k6Measures(use),
    load: USES[use],
    name: `${data.runId}-${exec.vu.idInTest}`,
  });
  k6Clock.after(arrivalMs(profile, number), () =>
    group.start(joined => {
      check(joined, { 'everybody joined': all => all });
      if (!joined) return;
      group.talk();
      during?.(group);
      const leave = (): void => group.finish();
      if (until === undefined) k6Clock.after(profile.holdMs, leave);
      else until(leave);
    }),
  );
}
