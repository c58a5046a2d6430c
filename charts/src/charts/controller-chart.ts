import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  CONTROLLER_CLUSTER_RULES,
  CONTROLLER_RULES,
  METRICS_READER_RULES,
} from '../constructs/controller-rules.ts';
import { addMetricsApi, ControllerWorkload } from '../constructs/controller-workload.ts';
import { addDisruptionBudget } from '../constructs/disruption.ts';
import { addPodGuard } from '../constructs/pod-guard.ts';
import { addAuthenticationReader, ClusterRules, NamespacedRules } from '../constructs/rbac.ts';
import { addPodMonitor } from '../constructs/scrape.ts';
import { addServiceAccount } from '../constructs/service-account.ts';
import type { Values } from '../values.ts';

/** Who asks for the metric. */
const AUTOSCALER = { name: 'horizontal-pod-autoscaler', namespace: 'kube-system' };

/** The controller, what it may do, and the metrics API that it serves to the autoscaler. */
export class ControllerChart extends Chart {
  constructor(scope: Construct, id: string, values: Values) {
    super(scope, id, { disableResourceNameHashes: true });
    const { namespace } = values;
    const subject = { name: 'controller', namespace };
    addServiceAccount(this, namespace, 'controller');
    new NamespacedRules(this, 'kittiwake-controller', { rules: CONTROLLER_RULES, subject });
    if (values.autoscaling.profile === 'custom-metrics') {
      new ClusterRules(this, 'kittiwake-controller-cluster', { rules: CONTROLLER_CLUSTER_RULES, subject });
      new ClusterRules(this, 'kittiwake-metrics-reader', {
        rules: METRICS_READER_RULES,
        subject: AUTOSCALER,
      });
      addAuthenticationReader(this, 'controller', subject);
    }
    addPodGuard(this, subject);
    new ControllerWorkload(this, 'workload', values);
    addDisruptionBudget(this, values, 'controller');
    addPodMonitor(this, values, 'controller');
    if (values.autoscaling.profile === 'custom-metrics') addMetricsApi(this, values);
  }
}
