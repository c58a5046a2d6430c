import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { Monitoring, type MonitoringAssets } from '../constructs/monitoring.ts';
import type { Values } from '../values.ts';

/** Dashboards and rules. */
export class MonitoringChart extends Chart {
  constructor(scope: Construct, id: string, values: Values, assets: MonitoringAssets) {
    super(scope, id, { disableResourceNameHashes: true });
    new Monitoring(this, 'monitoring', values, assets);
  }
}
