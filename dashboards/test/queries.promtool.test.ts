import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { panelQueries } from '../src/lint/board-problems.ts';
import { withoutVariables } from '../src/lint/query-problems.ts';
import { renderDashboards } from '../src/render-dashboards.ts';
import { renderRules, renderRulesYaml } from '../src/render-rules.ts';
import { isAlert } from '../src/rules/rule-file.ts';
import { prometheusAbsent, type RunningPrometheus, startPrometheus } from './prometheus-process.ts';

const skip = prometheusAbsent;
let prometheus: RunningPrometheus | undefined;

before(async () => {
  if (skip === false) prometheus = await startPrometheus(renderRulesYaml());
});
after(() => prometheus?.stop());

for (const { name, json } of renderDashboards()) {
  test(`[O9] every query of the board ${name} is answered with data`, { skip }, async () => {
    const empty: string[] = [];
    for (const { panel, expr } of panelQueries(JSON.parse(json) as Dashboard)) {
      const result = await prometheus?.query(withoutVariables(expr));
      if (result?.length === 0) empty.push(`${panel}: ${expr}`);
    }
    assert.deepEqual(empty, []);
  });
}

test('[O9] every expression of the rules is executed without an error', { skip }, async () => {
  for (const rule of renderRules().groups.flatMap(group => group.rules)) {
    const result = await prometheus?.query(rule.expr);
    assert.ok(result !== undefined);
    if (!isAlert(rule)) assert.ok(result.length > 0, rule.expr);
  }
});
