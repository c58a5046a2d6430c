import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-34';
import { Construct } from 'constructs';
import type { Values } from '../values.ts';
import { labelsOf } from './labels.ts';

/** What the dashboards package renders, as far as the charts care. */
export type MonitoringAssets = {
  readonly dashboards: readonly { readonly name: string; readonly json: string }[];
  /** A Prometheus rule file: as a value for a PrometheusRule, as text for a ConfigMap. */
  readonly rules: { readonly groups: readonly unknown[] };
  readonly rulesYaml: string;
};

/** An environment, and what is to be shown of it. */
export type MonitoringProps = { readonly values: Values; readonly assets: MonitoringAssets };

/** Dashboards as ConfigMaps that Grafana's sidecar finds, one each (a ConfigMap holds 1 MiB), and the rules for Prometheus. */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, { values, assets }: MonitoringProps) {
    super(scope, id);
    for (const { name, json } of assets.dashboards) {
      new k8s.KubeConfigMap(this, `dashboard-${name}`, {
        metadata: {
          name: `dashboard-${name}`,
          namespace: values.namespace,
          labels: { ...labelsOf('monitoring'), grafana_dashboard: '1' },
          annotations: { grafana_folder: 'Kittiwake' },
        },
        data: { [`${name}.json`]: json },
      });
    }
    addRules(this, values, assets);
  }
}

function addRules(scope: Construct, values: Values, { rules, rulesYaml }: MonitoringAssets): void {
  const metadata = { name: 'kittiwake-rules', namespace: values.namespace };
  switch (values.monitoring.rules) {
    case 'config-map':
      new k8s.KubeConfigMap(scope, 'rules', {
        metadata: { ...metadata, labels: { ...labelsOf('monitoring') } },
        data: { 'kittiwake.rules.yaml': rulesYaml },
      });
      return;
    case 'prometheus-rule':
      new ApiObject(scope, 'rules', {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'PrometheusRule',
        metadata: { ...metadata, labels: { ...labelsOf('monitoring'), ...values.monitoring.selectorLabels } },
        spec: { groups: rules.groups },
      });
  }
}
