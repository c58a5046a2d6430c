import { SLOS } from '@kittiwake/metrics-catalog';
import { BURN_ALERTS, type BurnAlert, type BurnWindow } from '../rules/burn-windows.ts';
import type { AlertingRule } from '../rules/rule-file.ts';
import { SLO_NAMES, type SloName, sloSlug } from '../rules/sli.ts';
import { sloLabels, sloSelector } from '../rules/slo-rules.ts';
import { alert } from './alert.ts';

/** Two alerts per objective: one that wakes somebody, one that waits. */
export const sloAlerts: readonly AlertingRule[] = SLO_NAMES.flatMap(name =>
  BURN_ALERTS.map(burn => burnAlert(name, burn)),
);

function burnAlert(name: SloName, burn: BurnAlert): AlertingRule {
  const { title, objective, windowDays } = SLOS[name];
  return alert({
    name: `Kittiwake${name.charAt(0).toUpperCase()}${name.slice(1)}Budget${burn.suffix}`,
    severity: burn.severity,
    expr: burn.windows.map(window => burns(name, window)).join(' or '),
    summary: `${title}: the error budget burns too fast`,
    description: `The objective is ${percent(objective)} over ${windowDays} days. Of the recent events {{ $value | humanizePercentage }} were bad.`,
    labels: { sloth_severity: burn.suffix.toLowerCase(), ...sloLabels(name), slo: sloSlug(name) },
  });
}

function burns(name: SloName, window: BurnWindow): string {
  const limit = `(${window.factor} * ${budget(name)})`;
  const over = (length: string): string =>
    `slo:sli_error:ratio_rate${length}{${sloSelector(name)}} > ${limit}`;
  return `(${over(window.long)} and ignoring (sloth_window) ${over(window.short)})`;
}

/** 1 − objective without the noise of binary fractions. */
function budget(name: SloName): number {
  return Number((1 - SLOS[name].objective).toFixed(6));
}

function percent(ratio: number): string {
  return `${Number((ratio * 100).toFixed(4))} %`;
}
