import { WebSocket } from 'k6/websockets';
import { k6Settings } from '../lib/k6-settings.ts';
import { type GroupRun, prepare, runGroup, type SetupData } from '../lib/run-group.ts';
import { groupScenarios } from '../lib/run-plan.ts';
import { type SummaryData, summarise } from '../lib/summary.ts';
import { steadyThresholds } from '../lib/thresholds.ts';
import type { Use } from '../lib/uses.ts';

/**
 * What does a load notice while somebody does something to the cluster? It goes on until that is over, which it learns from a
 * WebSocket that each group opens once it talks: the rehearsals hold its other end.
 */
const settings = k6Settings();
const { until } = settings;

/** As long as a group may stay where the end comes from outside: longer than any rehearsal. */
const HOLD_MS_MAX = 3 * 3_600_000;
const profile = until === undefined ? settings.profile : { ...settings.profile, holdMs: HOLD_MS_MAX };

/** k6's options, from the profile. */
export const options = {
  scenarios: groupScenarios(profile),
  thresholds: steadyThresholds(),
  summaryTrendStats: ['avg', 'min', 'med', 'p(95)', 'p(99)', 'max'],
};

/** k6: once, before the groups. */
export function setup(): SetupData {
  return prepare(settings);
}

/** k6: one group that chats. */
export function chat(data: SetupData): void {
  stay('chat', data);
}

/** k6: one group that plays. */
export function gaming(data: SetupData): void {
  stay('gaming', data);
}

/** k6: once, after all. */
export function handleSummary(data: SummaryData) {
  return summarise(
    data,
    { scenario: 'steady', profile: settings.profile.name, url: settings.url },
    settings.resultsDir,
  );
}

function stay(use: Use, data: SetupData): void {
  runGroup({ use, settings, data, until: until === undefined ? undefined : untilClosed(until) });
}

function untilClosed(url: string): GroupRun['until'] {
  return leave => new WebSocket(url).addEventListener('close', leave);
}
