/** The parts of Kittiwake that have pods. */
export type Component = 'gateway' | 'controller' | 'redis' | 'sentinel' | 'bootstrap';

/** Labels by name and value. */
export type Labels = { readonly [label: string]: string };

/** What selects the pods of a component. Selectors are immutable: nothing is ever added here. */
export function selectorOf(component: Component): Labels {
  return { 'app.kubernetes.io/name': 'kittiwake', 'app.kubernetes.io/component': component };
}

/** Labels of everything that belongs to a component, or to Kittiwake as a whole. */
export function labelsOf(component?: Component | 'monitoring' | 'ingress' | 'platform'): Labels {
  return {
    'app.kubernetes.io/name': 'kittiwake',
    ...(component === undefined ? {} : { 'app.kubernetes.io/component': component }),
    'app.kubernetes.io/part-of': 'kittiwake',
    'app.kubernetes.io/managed-by': 'cdk8s',
  };
}
