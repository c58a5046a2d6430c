/** Kinds of other projects that some profiles use. The real schemas are theirs; these take anything, so that a server without them can be asked. */
const KINDS = [
  ['keda.sh', 'v1alpha1', 'ScaledObject'],
  ['monitoring.coreos.com', 'v1', 'PodMonitor'],
  ['monitoring.coreos.com', 'v1', 'PrometheusRule'],
  ['gateway.networking.k8s.io', 'v1', 'Gateway'],
  ['gateway.networking.k8s.io', 'v1', 'HTTPRoute'],
  ['gateway.envoyproxy.io', 'v1alpha1', 'ClientTrafficPolicy'],
  ['gateway.envoyproxy.io', 'v1alpha1', 'BackendTrafficPolicy'],
] as const;

/** One stand-in: the name under which a real one would be found, and what to create where there is none. */
export type StandIn = { readonly name: string; readonly manifest: object };

/** CustomResourceDefinitions for all of them. */
export function standInCrds(): readonly StandIn[] {
  return KINDS.map(([group, version, kind]) => {
    const plural = kind.endsWith('y') ? `${kind.slice(0, -1).toLowerCase()}ies` : `${kind.toLowerCase()}s`;
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    const name = `${plural}.${group}`;
    // Groups of the Kubernetes project itself are protected; this says that it is no approved API.
    const annotations = { 'api-approved.kubernetes.io': 'unapproved, a stand-in for tests' };
    return {
      name,
      manifest: {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name, annotations },
        spec: {
          group,
          scope: 'Namespaced',
          names: { kind, plural, singular: kind.toLowerCase() },
          versions: [{ name: version, served: true, storage: true, schema }],
        },
      },
    };
  });
}
