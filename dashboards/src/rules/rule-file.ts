/** Prometheus' rule-file format, as far as it is used (prometheus.io/docs/prometheus/latest/configuration/recording_rules). */
export type RecordingRule = { readonly record: string; readonly expr: string; readonly labels?: Labels };

/** An alert; `for` is how long `expr` must hold. Every one says how bad it is, what it means, and what to do (rule O8). */
export type AlertingRule = {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Labels & { readonly severity: Severity };
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url: string;
  };
};

/** `critical` wakes somebody, `warning` waits for working hours, `info` is for the record. */
export type Severity = 'critical' | 'warning' | 'info';

export type RuleGroup = {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly (RecordingRule | AlertingRule)[];
};

export type RuleFile = { readonly groups: readonly RuleGroup[] };

type Labels = { readonly [label: string]: string };

/** Whether a rule is an alert. */
export function isAlert(rule: RecordingRule | AlertingRule): rule is AlertingRule {
  return 'alert' in rule;
}
