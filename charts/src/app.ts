import { App, type Chart, YamlOutputType } from 'cdk8s';
import { BootstrapChart } from './charts/bootstrap-chart.ts';
import { BrokerChart } from './charts/broker-chart.ts';
import { ControllerChart } from './charts/controller-chart.ts';
import { GatewayChart } from './charts/gateway-chart.ts';
import { IngressChart } from './charts/ingress-chart.ts';
import { MonitoringChart } from './charts/monitoring-chart.ts';
import { PlatformChart } from './charts/platform-chart.ts';
import type { MonitoringAssets } from './constructs/monitoring.ts';
import type { Values } from './values.ts';

/** Everything of one environment, in the order in which it is applied: each chart becomes one numbered file (G1). */
export function buildApp(
  values: Values,
  assets: MonitoringAssets,
  outdir: string,
): { readonly app: App; readonly charts: readonly Chart[] } {
  const app = new App({
    outdir,
    outputFileExtension: '.yaml',
    yamlOutputType: YamlOutputType.FILE_PER_CHART,
  });
  const charts: readonly Chart[] = [
    new PlatformChart(app, 'platform', values),
    new BootstrapChart(app, 'bootstrap', values),
    new BrokerChart(app, 'broker', values),
    new ControllerChart(app, 'controller', values),
    new GatewayChart(app, 'gateway', values),
    ...(values.ingress.profile === 'none' ? [] : [new IngressChart(app, 'ingress', values)]),
    new MonitoringChart(app, 'monitoring', { values, assets }),
  ];
  charts.reduce((previous, chart) => {
    chart.addDependency(previous);
    return chart;
  });
  return { app, charts };
}
