import exec from 'k6/execution';
import type { Group } from '../actors/group.ts';
import { k6Clock } from '../lib/k6-clock.ts';
import { k6Settings } from '../lib/k6-settings.ts';
import { prepare, runGroup, type SetupData } from '../lib/run-group.ts';
import { groupScenarios } from '../lib/run-plan.ts';
import { type SummaryData, summarise } from '../lib/summary.ts';
import { stormThresholds } from '../lib/thresholds.ts';
import type { Use } from '../lib/uses.ts';

/**
 * Do all clients of a killed gateway come back, how soon, and with everything? With `KILL=self` every client breaks its
 * connection at the same moment; otherwise the script says when to kill a gateway.
 */
const settings = k6Settings();

/** A third of the hold passes in peace, the rest is for coming back. */
const KILL_AFTER_MS = Math.floor(settings.profile.holdMs / 3);

/** k6's options, from the profile and the table of objectives. */
export const options = {
  scenarios: groupScenarios(settings.profile),
  thresholds: stormThresholds(),
  summaryTrendStats: ['avg', 'min', 'med', 'p(95)', 'p(99)', 'max'],
};

/** k6: once, before the groups. */
export function setup(): SetupData {
  return prepare(settings);
}

/** k6: one group that chats. */
export function chat(data: SetupData): void {
  weather('chat', data);
}

/** k6: one group that plays. */
export function gaming(data: SetupData): void {
  weather('gaming', data);
}

/** k6: once, after all. */
export function handleSummary(data: SummaryData) {
  return summarise(
    data,
    { scenario: 'storm', profile: settings.profile.name, url: settings.url },
    settings.resultsDir,
  );
}

function weather(use: Use, data: SetupData): void {
  runGroup({
    use,
    settings,
    data,
    during(group) {
      if (settings.kill === 'self') strike(group);
      else if (exec.vu.idInTest === lastGroup()) announce();
    },
  });
}

function strike(group: Group): void {
  k6Clock.after(KILL_AFTER_MS, () => group.dropAll());
}

/** The last group to arrive knows that all the others are there. */
function announce(): void {
  k6Clock.after(KILL_AFTER_MS, () => console.log('storm: kill a gateway now'));
}

function lastGroup(): number {
  return settings.profile.chatGroups + settings.profile.gamingGroups;
}
