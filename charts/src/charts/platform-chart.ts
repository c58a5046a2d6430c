import { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-34';
import type { Construct } from 'constructs';
import { labelsOf } from '../constructs/labels.ts';
import { NetworkPolicies } from '../constructs/network-policies.ts';
import type { Values } from '../values.ts';

/** Minor version of the Pod Security standard that is enforced. */
const POD_SECURITY_VERSION = 'v1.34';

/** The ground everything stands on: the namespace under Pod Security `restricted`, its network policies, a priority. */
export class PlatformChart extends Chart {
  constructor(scope: Construct, id: string, values: Values) {
    super(scope, id, { disableResourceNameHashes: true });
    new k8s.KubeNamespace(this, 'namespace', {
      metadata: { name: values.namespace, labels: { ...labelsOf('platform'), ...podSecurityLabels() } },
    });
    new k8s.KubePriorityClass(this, 'priority', {
      metadata: { name: 'kittiwake', labels: { ...labelsOf('platform') } },
      value: 100_000,
      // Connections are worth more than batch work when a node is short of memory, yet nobody is thrown out for them.
      preemptionPolicy: 'Never',
      description: 'Pods that hold client connections, or what those depend on.',
    });
    new NetworkPolicies(this, 'network-policies', values);
  }
}

function podSecurityLabels(): { readonly [label: string]: string } {
  const modes = ['enforce', 'audit', 'warn'].flatMap(mode => [
    [`pod-security.kubernetes.io/${mode}`, 'restricted'],
    [`pod-security.kubernetes.io/${mode}-version`, POD_SECURITY_VERSION],
  ]);
  return Object.fromEntries(modes);
}
