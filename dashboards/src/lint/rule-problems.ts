import { isAlert, type RuleFile } from '../rules/rule-file.ts';
import { queryProblems } from './query-problems.ts';
import { recordedSeries } from './recorded-series.ts';

const SECTIONS = ['## Meaning', '## Impact', '## Check', '## Mend'];

/** Everything that is wrong with the rules (rules O7 and O8). `runbook` gives the text of an alert's runbook, if there is one. */
export function ruleProblems(
  rules: RuleFile,
  runbook: (alert: string) => string | undefined,
): readonly string[] {
  const recorded = recordedSeries(rules);
  const seen = new Set<string>();
  return rules.groups
    .flatMap(group => group.rules)
    .flatMap(rule => {
      const name = isAlert(rule) ? rule.alert : rule.record;
      const problems = queryProblems(rule.expr, recorded).map(problem => `${problem} in ${rule.expr}`);
      if (isAlert(rule)) {
        if (seen.has(name)) problems.push('is there twice');
        seen.add(name);
        problems.push(...runbookProblems(runbook(name)));
        if (!rule.annotations.runbook_url.endsWith(`/${name}.md`)) problems.push('links another runbook');
        if (rule.annotations.summary === '' || !rule.annotations.description.endsWith('.'))
          problems.push('says too little');
      }
      return problems.map(problem => `${name}: ${problem}`);
    });
}

function runbookProblems(text: string | undefined): readonly string[] {
  if (text === undefined) return ['has no runbook'];
  return SECTIONS.filter(section => !text.includes(`\n${section}\n`)).map(
    section => `has a runbook without “${section}”`,
  );
}
