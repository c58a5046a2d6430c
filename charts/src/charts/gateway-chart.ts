import { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-34';
import type { Construct } from 'constructs';
import { addAutoscaling } from '../constructs/autoscaling.ts';
import { addDisruptionBudget } from '../constructs/disruption.ts';
import { GATEWAY_PORTS } from '../constructs/gateway-config.ts';
import { GatewayWorkload } from '../constructs/gateway-workload.ts';
import { IN_SERVICE, labelsOf, selectorOf } from '../constructs/labels.ts';
import { addPodMonitor } from '../constructs/scrape.ts';
import { addServiceAccount } from '../constructs/service-account.ts';
import type { Values } from '../values.ts';

/** The gateways: their Services, workload, autoscaler and disruption budget. */
export class GatewayChart extends Chart {
  constructor(scope: Construct, id: string, values: Values) {
    super(scope, id, { disableResourceNameHashes: true });
    addServiceAccount(this, values.namespace, 'gateway');
    addService(this, values, { name: 'gateway', port: 80, target: 'clients' });
    // The HTTP API for backends has a Service of its own, which no ingress routes to.
    addService(this, values, { name: 'gateway-api', port: GATEWAY_PORTS.api, target: 'api' });
    if (values.autoscaling.profile === 'keda') {
      addService(this, values, {
        name: 'gateway-operations',
        port: GATEWAY_PORTS.operations,
        target: 'operations',
      });
    }
    new GatewayWorkload(this, 'workload', values);
    addAutoscaling(this, values);
    addDisruptionBudget(this, values, 'gateway');
    addPodMonitor(this, values, 'gateway');
  }
}

type ServicePort = { readonly name: string; readonly port: number; readonly target: string };

function addService(scope: Construct, { namespace }: Values, { name, port, target }: ServicePort): void {
  new k8s.KubeService(scope, name, {
    metadata: { name, namespace, labels: { ...labelsOf('gateway') } },
    spec: {
      type: 'ClusterIP',
      selector: { ...selectorOf('gateway'), ...IN_SERVICE },
      ports: [{ name: target, port, targetPort: k8s.IntOrString.fromString(target), protocol: 'TCP' }],
    },
  });
}
