import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { stringify } from 'yaml';
import { ALERTS } from '../src/alerts/all-alerts.ts';
import { renderRules, renderRulesYaml } from '../src/render-rules.ts';
import type { AlertCase } from './cases/alert-case.ts';
import { brokerCases } from './cases/broker-cases.ts';
import { controllerCases } from './cases/controller-cases.ts';
import { gatewayCases } from './cases/gateway-cases.ts';
import { handoverCases } from './cases/handover-cases.ts';
import { promtoolFile, rulesOf } from './cases/promtool-file.ts';
import { sloCases } from './cases/slo-cases.ts';
import { stormCases } from './cases/storm-cases.ts';

const CASES: readonly AlertCase[] = [
  ...sloCases,
  ...gatewayCases,
  ...stormCases,
  ...brokerCases,
  ...handoverCases,
  ...controllerCases,
];

const absent = spawnSync('promtool', ['--version']).error !== undefined;
const skip = absent ? 'promtool is not installed (Debian: prometheus)' : false;

const directory = mkdtempSync(join(tmpdir(), 'kittiwake-rules-'));
after(() => rmSync(directory, { recursive: true, force: true }));

test('[O8] promtool accepts the rule file', { skip }, () => {
  const file = written('all.rules.yaml', renderRulesYaml());
  promtool('check', 'rules', file);
});

for (const { alert } of ALERTS) {
  const cases = CASES.filter(one => one.alert === alert);
  test(`[O8] ${alert} fires, and does not, as its cases say`, { skip }, () => {
    assert.ok(cases.some(one => one.fires) && cases.some(one => !one.fires), 'needs a case of each kind');
    const rules = rulesOf(renderRules(), alert);
    const ruleFile = written(`${alert}.rules.yaml`, stringify(rules, { aliasDuplicateObjects: false }));
    promtool('test', 'rules', written(`${alert}.cases.yaml`, promtoolFile(ruleFile, rules, cases)));
  });
}

function written(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

function promtool(...args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
}
