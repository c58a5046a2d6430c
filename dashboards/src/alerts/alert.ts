import { CONFIG } from '../config.ts';
import type { AlertingRule, Severity } from '../rules/rule-file.ts';

/** What an alert is, before its runbook is linked. */
export type AlertText = {
  readonly name: string;
  readonly severity: Severity;
  readonly expr: string;
  /** How long `expr` must hold. @default at once */
  readonly holds?: string;
  /** One line for a pager; it may name labels. */
  readonly summary: string;
  /** What it means for users, with the value. */
  readonly description: string;
  readonly labels?: { readonly [label: string]: string };
};

/** Makes the rule: the runbook's address follows from the name. */
export function alert(text: AlertText): AlertingRule {
  return {
    alert: text.name,
    expr: text.expr,
    ...(text.holds === undefined ? {} : { for: text.holds }),
    labels: { severity: text.severity, ...text.labels },
    annotations: {
      summary: text.summary,
      description: text.description,
      runbook_url: `${CONFIG.runbookBaseUrl}${text.name}.md`,
    },
  };
}
