import { k8s } from 'cdk8s-plus-34';
import { Construct } from 'constructs';
import type { Values } from '../values.ts';
import { METRICS_API_PORT } from './controller-workload.ts';
import { GATEWAY_PORTS } from './gateway-config.ts';
import { type Component, labelsOf, selectorOf } from './labels.ts';
import { OPERATIONS_PORT } from './scrape.ts';

/** Ports of the tier. */
const REDIS = 6_379;
const SENTINEL = 26_379;
/** The API server is no pod, and its port differs between distributions. */
const API_SERVER = [443, 6_443];

/** Label that lets another namespace's pods use the HTTP API for backends. */
export const API_CLIENT_LABEL = { 'kittiwake.dev/api-client': 'true' } as const;

/** Nothing may talk to or from the namespace but what is written here; kubelets' probes are outside of policies. */
export class NetworkPolicies extends Construct {
  constructor(scope: Construct, id: string, values: Values) {
    super(scope, id);
    const { namespace } = values;
    new k8s.KubeNetworkPolicy(this, 'default-deny', {
      metadata: { name: 'default-deny', namespace, labels: { ...labelsOf('platform') } },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
    for (const [component, rules] of Object.entries(rulesOf(values))) {
      new k8s.KubeNetworkPolicy(this, component, {
        metadata: { name: component, namespace, labels: { ...labelsOf('platform') } },
        spec: {
          podSelector: { matchLabels: { ...selectorOf(component as Component) } },
          policyTypes: ['Ingress', 'Egress'],
          // An empty list is not written: the API server would not write it back (G4).
          ...(rules.ingress.length === 0 ? {} : { ingress: rules.ingress.map(ingressRule) }),
          egress: [DNS, ...rules.egress].map(egressRule),
        },
      });
    }
  }
}

/** Who (anyone where undefined), on which ports. */
type Allowed = {
  readonly peers?: readonly k8s.NetworkPolicyPeer[];
  readonly ports: readonly k8s.NetworkPolicyPort[];
};
type Rules = { readonly ingress: readonly Allowed[]; readonly egress: readonly Allowed[] };

const port = (number: number, protocol: 'TCP' | 'UDP' = 'TCP'): k8s.NetworkPolicyPort => ({
  port: k8s.IntOrString.fromNumber(number),
  protocol,
});
const pods = (component: Component): k8s.NetworkPolicyPeer => ({
  podSelector: { matchLabels: { ...selectorOf(component) } },
});
const namespaceNamed = (name: string): k8s.NetworkPolicyPeer => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});

const ingressRule = ({ peers, ports }: Allowed): k8s.NetworkPolicyIngressRule => ({
  ...(peers === undefined ? {} : { from: [...peers] }),
  ports: [...ports],
});
const egressRule = ({ peers, ports }: Allowed): k8s.NetworkPolicyEgressRule => ({
  ...(peers === undefined ? {} : { to: [...peers] }),
  ports: [...ports],
});

/** To anywhere: a node-local DNS cache has a link-local address and is no pod. */
const DNS: Allowed = { ports: [port(53, 'UDP'), port(53)] };

function rulesOf(values: Values): { readonly [C in Component]: Rules } {
  const monitoring = namespaceNamed(values.monitoring.namespace);
  const apiServer: Allowed = { ports: API_SERVER.map(number => port(number)) };
  const tier: Allowed = { peers: [pods('redis'), pods('sentinel')], ports: [port(REDIS), port(SENTINEL)] };
  return {
    gateway: {
      ingress: [
        { ports: [port(GATEWAY_PORTS.clients)] },
        {
          peers: [
            { namespaceSelector: { matchLabels: { ...API_CLIENT_LABEL } } },
            { podSelector: { matchLabels: { ...API_CLIENT_LABEL } } },
          ],
          ports: [port(GATEWAY_PORTS.api)],
        },
        {
          peers: [pods('controller'), monitoring, namespaceNamed('keda')],
          ports: [port(OPERATIONS_PORT.number)],
        },
      ],
      egress: [tier, ...outside(values)],
    },
    controller: {
      ingress: [
        { ports: [port(METRICS_API_PORT.number)] },
        { peers: [monitoring], ports: [port(OPERATIONS_PORT.number)] },
      ],
      egress: [apiServer, { peers: [pods('gateway')], ports: [port(OPERATIONS_PORT.number)] }],
    },
    redis: {
      ingress: [{ peers: [pods('gateway'), pods('redis'), pods('sentinel')], ports: [port(REDIS)] }],
      egress: [tier],
    },
    sentinel: {
      ingress: [{ peers: [pods('gateway'), pods('redis'), pods('sentinel')], ports: [port(SENTINEL)] }],
      egress: [tier],
    },
    bootstrap: { ingress: [], egress: [apiServer] },
  };
}

/** Key sets and responders outside, and the collector of traces. */
function outside({ gateway, monitoring }: Values): readonly Allowed[] {
  const ports = gateway.egressPorts.map(number => port(number));
  const collector: Allowed = {
    peers: [namespaceNamed(monitoring.namespace)],
    ports: [port(4_317), port(4_318)],
  };
  return [
    ...(ports.length > 0 ? [{ ports }] : []),
    ...(gateway.otlpEndpoint === undefined ? [] : [collector]),
  ];
}
