import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SLOS } from '@kittiwake/metrics-catalog';
import { ALERTS } from '../alerts/all-alerts.ts';
import { BURN_ALERTS, WINDOWS } from './burn-windows.ts';
import { SLO_NAMES } from './sli.ts';
import { sloRuleGroups } from './slo-rules.ts';

test('[O4] every objective records each window that its alerts look at', () => {
  const asked = BURN_ALERTS.flatMap(({ windows }) => windows.flatMap(({ long, short }) => [long, short]));
  assert.deepEqual(new Set(asked), new Set(WINDOWS));
  for (const name of SLO_NAMES) {
    const records = sloRuleGroups(name).flatMap(group =>
      group.rules.map(rule => ('record' in rule ? rule.record : '')),
    );
    for (const window of [...WINDOWS, `${SLOS[name].windowDays}d`]) {
      assert.ok(records.includes(`slo:sli_error:ratio_rate${window}`), `${name} ${window}`);
    }
  }
});

test('[O4] burn factors spend 2, 5, 10 and 10 per cent of the budget of 30 days in their long windows', () => {
  const hours: { readonly [window: string]: number } = { '1h': 1, '6h': 6, '1d': 24, '3d': 72 };
  const spent = BURN_ALERTS.flatMap(({ windows }) =>
    windows.map(({ factor, long }) => Math.round((factor * (hours[long] ?? 0) * 100) / (30 * 24))),
  );
  assert.deepEqual(spent, [2, 5, 10, 10]);
});

test('[O8] each objective has one alert that wakes somebody and one that waits', () => {
  for (const name of SLO_NAMES) {
    const severities = ALERTS.filter(rule =>
      rule.alert.toLowerCase().startsWith(`kittiwake${name.toLowerCase()}`),
    ).map(rule => rule.labels.severity);
    assert.deepEqual(severities, ['critical', 'warning'], name);
  }
});
