import { SLOS } from '@kittiwake/metrics-catalog';
import { CONFIG } from '../config.ts';
import { WINDOWS } from './burn-windows.ts';
import type { RecordingRule, RuleGroup } from './rule-file.ts';
import { errorRatio, type SloName, sloSlug } from './sli.ts';

/**
 * Recording rules of one objective, with the names and labels of Sloth, so that its public dashboards work on them:
 * error ratios per window, and the meta series that the overview draws.
 */
export function sloRuleGroups(name: SloName): readonly RuleGroup[] {
  const slug = sloSlug(name);
  return [
    { name: `kittiwake-slo-sli-${slug}`, interval: CONFIG.evaluationInterval, rules: sliRules(name) },
    { name: `kittiwake-slo-meta-${slug}`, interval: CONFIG.evaluationInterval, rules: metaRules(name) },
  ];
}

/** The labels that tell one objective's series from another's. */
export function sloLabels(name: SloName): { readonly [label: string]: string } {
  return { sloth_id: `kittiwake-${sloSlug(name)}`, sloth_service: 'kittiwake', sloth_slo: sloSlug(name) };
}

/** A selector of one objective's series, for alerts and boards. */
export function sloSelector(name: SloName): string {
  return `sloth_id="kittiwake-${sloSlug(name)}"`;
}

function sliRules(name: SloName): readonly RecordingRule[] {
  const labels = sloLabels(name);
  const ratios = WINDOWS.map(window => ({
    record: `slo:sli_error:ratio_rate${window}`,
    expr: errorRatio(name, window),
    labels: { ...labels, sloth_window: window },
  }));
  return [...ratios, periodRule(name)];
}

/** Over the whole period the mean of the 5-minute ratios stands in: a 30-day rate over raw series would be too dear. */
function periodRule(name: SloName): RecordingRule {
  const period = `${SLOS[name].windowDays}d`;
  const source = `slo:sli_error:ratio_rate5m{${sloSelector(name)}}`;
  return {
    record: `slo:sli_error:ratio_rate${period}`,
    expr: `sum_over_time(${source}[${period}]) / ignoring (sloth_window) count_over_time(${source}[${period}])`,
    labels: { ...sloLabels(name), sloth_window: period },
  };
}

function metaRules(name: SloName): readonly RecordingRule[] {
  const { objective, windowDays } = SLOS[name];
  const labels = sloLabels(name);
  const selector = sloSelector(name);
  const budget = `on (sloth_id, sloth_slo, sloth_service) group_left () slo:error_budget:ratio{${selector}}`;
  const burn = (window: string): string => `slo:sli_error:ratio_rate${window}{${selector}} / ${budget}`;
  return [
    { record: 'slo:objective:ratio', expr: `vector(${objective})`, labels },
    { record: 'slo:error_budget:ratio', expr: `vector(1 - ${objective})`, labels },
    { record: 'slo:time_period:days', expr: `vector(${windowDays})`, labels },
    { record: 'slo:current_burn_rate:ratio', expr: burn('5m'), labels },
    { record: 'slo:period_burn_rate:ratio', expr: burn(`${windowDays}d`), labels },
    {
      record: 'slo:period_error_budget_remaining:ratio',
      expr: `1 - slo:period_burn_rate:ratio{${selector}}`,
      labels,
    },
  ];
}
