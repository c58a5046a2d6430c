import { k8s } from 'cdk8s-plus-34';
import type { Construct } from 'constructs';
import { type Component, labelsOf } from './labels.ts';

/** A ServiceAccount of a component's own. Its token is mounted only where a pod asks for it. */
export function addServiceAccount(scope: Construct, namespace: string, component: Component): void {
  new k8s.KubeServiceAccount(scope, 'service-account', {
    metadata: { name: component, namespace, labels: { ...labelsOf(component) } },
    automountServiceAccountToken: false,
  });
}
