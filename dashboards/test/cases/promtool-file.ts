import { stringify } from 'yaml';
import { isAlert, type RuleFile } from '../../src/rules/rule-file.ts';
import type { AlertCase } from './alert-case.ts';

/**
 * The test file of promtool for the cases of one alert and one step: a case fires when the alert is among `ALERTS` then.
 * The order of groups is given, because an alert must see what was recorded in the same round.
 */
export function promtoolFile(ruleFile: string, rules: RuleFile, cases: readonly AlertCase[]): string {
  const step = cases[0]?.step ?? '1m';
  return stringify(
    {
      rule_files: [ruleFile],
      evaluation_interval: step,
      group_eval_order: rules.groups.map(group => group.name),
      tests: cases.map(({ alert, when, series, at, fires }) => ({
        name: `${alert}: ${when}`,
        interval: step,
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [
          {
            expr: `group(ALERTS{alertname="${alert}", alertstate="firing"})`,
            eval_time: at,
            exp_samples: fires ? [{ labels: '{}', value: 1 }] : [],
          },
        ],
      })),
    },
    { lineWidth: 0 },
  );
}

/** Only what one alert needs: itself, and the rules that record what it names. Fewer rules, faster rounds. */
export function rulesOf(all: RuleFile, alert: string): RuleFile {
  const own = all.groups
    .map(group => ({ ...group, rules: group.rules.filter(rule => isAlert(rule) && rule.alert === alert) }))
    .filter(group => group.rules.length > 0);
  const selector = /sloth_id="([^"]+)"/.exec(own[0]?.rules[0]?.expr ?? '')?.[1];
  const recording = all.groups.filter(group =>
    group.rules.some(rule => !isAlert(rule) && rule.labels?.['sloth_id'] === selector),
  );
  return { groups: selector === undefined ? own : [...recording, ...own] };
}
