import { k6Settings } from '../lib/k6-settings.ts';
import { prepare, runGroup, type SetupData } from '../lib/run-group.ts';
import { groupScenarios } from '../lib/run-plan.ts';
import { type SummaryData, summarise } from '../lib/summary.ts';
import { latencyThresholds } from '../lib/thresholds.ts';

/** How long does a publication take to every member? Chat and games at once, each held to its objective. */
const settings = k6Settings();

/** k6's options, from the profile and the table of objectives. */
export const options = {
  scenarios: groupScenarios(settings.profile),
  thresholds: latencyThresholds(),
  summaryTrendStats: ['avg', 'min', 'med', 'p(95)', 'p(99)', 'max'],
};

/** k6: once, before the groups. */
export function setup(): SetupData {
  return prepare(settings);
}

/** k6: one group that chats. */
export function chat(data: SetupData): void {
  runGroup({ use: 'chat', settings, data });
}

/** k6: one group that plays. */
export function gaming(data: SetupData): void {
  runGroup({ use: 'gaming', settings, data });
}

/** k6: once, after all. */
export function handleSummary(data: SummaryData) {
  return summarise(
    data,
    { scenario: 'latency', profile: settings.profile.name, url: settings.url },
    settings.resultsDir,
  );
}
