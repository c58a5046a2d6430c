import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { ALERTS } from '../alerts/all-alerts.ts';
import { renderDashboards } from '../render-dashboards.ts';
import { renderRules } from '../render-rules.ts';
import { boardProblems } from './board-problems.ts';
import { recordedSeries } from './recorded-series.ts';
import { ruleProblems } from './rule-problems.ts';

const RUNBOOKS = new URL('../../runbooks/', import.meta.url);

/** Everything that is wrong with boards, rules and runbooks; empty when all is well. */
export function lint(): readonly string[] {
  const rules = renderRules();
  const recorded = recordedSeries(rules);
  const boards = renderDashboards().flatMap(({ json }) =>
    boardProblems(JSON.parse(json) as Dashboard, recorded),
  );
  return [...boards, ...ruleProblems(rules, runbookOf), ...orphans()];
}

function runbookOf(alert: string): string | undefined {
  const file = new URL(`${alert}.md`, RUNBOOKS);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Runbooks of alerts that are gone. */
function orphans(): readonly string[] {
  const alerts = new Set<string>(ALERTS.map(rule => `${rule.alert}.md`));
  return readdirSync(RUNBOOKS)
    .filter(file => file !== 'README.md' && !alerts.has(file))
    .map(file => `runbooks/${file}: belongs to no alert`);
}
