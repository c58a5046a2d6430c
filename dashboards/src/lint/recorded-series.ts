import { isAlert, type RuleFile } from '../rules/rule-file.ts';
import type { Recorded } from './query-problems.ts';

/** The series that the recording rules make, with their labels: the rule's own, and `namespace`, which they sum by. */
export function recordedSeries(rules: RuleFile): Recorded {
  const recorded = new Map<string, readonly string[]>();
  for (const rule of rules.groups.flatMap(group => group.rules)) {
    if (!isAlert(rule)) recorded.set(rule.record, ['namespace', ...Object.keys(rule.labels ?? {})]);
  }
  return recorded;
}
