import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { Monitoring, type MonitoringProps } from '../constructs/monitoring.ts';

/** Dashboards and rules. */
export class MonitoringChart extends Chart {
  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id, { disableResourceNameHashes: true });
    new Monitoring(this, 'monitoring', props);
  }
}
