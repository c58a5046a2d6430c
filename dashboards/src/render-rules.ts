import { stringify } from 'yaml';
import { ALERT_GROUPS } from './alerts/all-alerts.ts';
import type { RuleFile } from './rules/rule-file.ts';
import { SLO_NAMES } from './rules/sli.ts';
import { sloRuleGroups } from './rules/slo-rules.ts';

/** Every recording and alerting rule, made from the metrics catalogue and its table of SLOs. Same input, same output. */
export function renderRules(): RuleFile {
  return { groups: [...SLO_NAMES.flatMap(sloRuleGroups), ...ALERT_GROUPS] };
}

/** The same as a Prometheus rule file. */
export function renderRulesYaml(): string {
  return stringify(renderRules(), { lineWidth: 0, aliasDuplicateObjects: false });
}
