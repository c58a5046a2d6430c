import { k8s } from 'cdk8s-plus-34';
import type { Construct } from 'constructs';
import type { Values } from '../values.ts';
import { type Component, labelsOf, selectorOf } from './labels.ts';

/** Lets at most `unavailableMax` pods of a component be away by choice; broken pods never block a node's drain (KEP-3017). */
export function addDisruptionBudget(scope: Construct, values: Values, component: Component): void {
  new k8s.KubePodDisruptionBudget(scope, 'disruption-budget', {
    metadata: { name: component, namespace: values.namespace, labels: { ...labelsOf(component) } },
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(values.disruption.unavailableMax),
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: { ...selectorOf(component) } },
    },
  });
}
