/** The parts of Kittiwake that have pods. */
export type Component = 'gateway' | 'controller' | 'redis' | 'sentinel' | 'bootstrap';

/** Labels by name and value. */
export type Labels = { readonly [label: string]: string };

/** What selects the pods of a component. Selectors are immutable: nothing is ever added here. */
export function selectorOf(component: Component): Labels {
  return { 'app.kubernetes.io/name': 'kittiwake', 'app.kubernetes.io/component': component };
}

/**
 * What Services ask of a gateway besides: every pod begins with it, and the controller takes it away from one that answers nobody
 * (R35). No workload selects by it, so that the pod stays its Deployment's.
 */
export const IN_SERVICE: Labels = { 'kittiwake.dev/in-service': 'true' };

/** Labels of everything that belongs to a component, or to Kittiwake as a whole. */
export function labelsOf(component?: Component | 'monitoring' | 'ingress' | 'platform'): Labels {
  return {
    'app.kubernetes.io/name': 'kittiwake',
    ...(component === undefined ? {} : { 'app.kubernetes.io/component': component }),
    'app.kubernetes.io/part-of': 'kittiwake',
    'app.kubernetes.io/managed-by': 'cdk8s',
  };
}
