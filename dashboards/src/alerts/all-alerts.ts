import type { AlertingRule, RuleGroup } from '../rules/rule-file.ts';
import { brokerAlerts } from './broker.ts';
import { controllerAlerts } from './controller.ts';
import { gatewayAlerts } from './gateway.ts';
import { handoverAlerts } from './handover.ts';
import { saturationAlerts } from './saturation.ts';
import { sloAlerts } from './slo.ts';
import { stormAlerts } from './storm.ts';

/** Every alert, by concern. */
export const ALERT_GROUPS: readonly RuleGroup[] = [
  { name: 'kittiwake-alerts-slo', rules: sloAlerts },
  { name: 'kittiwake-alerts-gateway', rules: gatewayAlerts },
  { name: 'kittiwake-alerts-saturation', rules: saturationAlerts },
  { name: 'kittiwake-alerts-storm', rules: stormAlerts },
  { name: 'kittiwake-alerts-broker', rules: brokerAlerts },
  { name: 'kittiwake-alerts-handover', rules: handoverAlerts },
  { name: 'kittiwake-alerts-controller', rules: controllerAlerts },
];

/** The same, flat. */
export const ALERTS: readonly AlertingRule[] = [
  ...sloAlerts,
  ...gatewayAlerts,
  ...saturationAlerts,
  ...stormAlerts,
  ...brokerAlerts,
  ...handoverAlerts,
  ...controllerAlerts,
];
