import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { Values } from '../values.ts';
import { labelsOf } from './labels.ts';

/**
 * Gateway API with Envoy Gateway 1.9: a Gateway, an HTTPRoute, and policies for connections that live for hours.
 * WebSocket upgrades are on by default; `requestTimeout` and `streamIdleTimeout` would cut them.
 * Session persistence is experimental and changing in the Gateway API (GEP-1619): sticky paths use a cookie's hash.
 */
export class EnvoyGateway extends Construct {
  constructor(scope: Construct, id: string, values: Values) {
    super(scope, id);
    for (const object of objectsOf(values)) this.#add(values, object);
  }

  #add({ namespace }: Values, { kind, name, spec }: Wanted): void {
    const metadata = { name, namespace, labels: labelsOf('ingress') };
    new ApiObject(this, `${kind}-${name}`, { apiVersion: API_VERSIONS[kind], kind, metadata, spec });
  }
}

const API_VERSIONS = {
  Gateway: 'gateway.networking.k8s.io/v1',
  HTTPRoute: 'gateway.networking.k8s.io/v1',
  ClientTrafficPolicy: 'gateway.envoyproxy.io/v1alpha1',
  BackendTrafficPolicy: 'gateway.envoyproxy.io/v1alpha1',
} as const;

type Wanted = { readonly kind: keyof typeof API_VERSIONS; readonly name: string; readonly spec: object };

function objectsOf(values: Values): readonly Wanted[] {
  const { className, stickyPaths, idleTimeoutSeconds } = values.ingress;
  const idle = `${idleTimeoutSeconds}s`;
  const gateway = { gatewayClassName: className ?? 'eg', listeners: listeners(values) };
  const clients = {
    targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gateway' }],
    timeout: { http: { idleTimeout: idle, streamIdleTimeout: idle } },
  };
  const balanced = backends('gateway-route', { type: 'LeastRequest' });
  const all: readonly Wanted[] = [
    { kind: 'Gateway', name: 'gateway', spec: gateway },
    { kind: 'HTTPRoute', name: 'gateway-route', spec: route(values, ['/v1']) },
    { kind: 'ClientTrafficPolicy', name: 'gateway-clients', spec: clients },
    { kind: 'BackendTrafficPolicy', name: 'gateway-backends', spec: balanced },
  ];
  if (stickyPaths.length === 0) return all;
  return [
    ...all,
    { kind: 'HTTPRoute', name: 'gateway-sticky', spec: route(values, stickyPaths) },
    {
      kind: 'BackendTrafficPolicy',
      name: 'gateway-sticky-backends',
      spec: backends('gateway-sticky', COOKIE_HASH),
    },
  ];
}

const COOKIE_HASH = {
  type: 'ConsistentHash',
  consistentHash: { type: 'Cookie', cookie: { name: 'kittiwake', ttl: '3600s' } },
};

function listeners({ ingress }: Values): readonly object[] {
  const host = ingress.host === undefined ? {} : { hostname: ingress.host };
  const secure = {
    name: 'https',
    port: 443,
    protocol: 'HTTPS',
    ...host,
    tls: { mode: 'Terminate', certificateRefs: [{ kind: 'Secret', name: 'kittiwake-tls' }] },
  };
  return ingress.plain ? [secure, { name: 'http', port: 80, protocol: 'HTTP', ...host }] : [secure];
}

function route({ ingress }: Values, paths: readonly string[]): object {
  return {
    parentRefs: [{ name: 'gateway' }],
    ...(ingress.host === undefined ? {} : { hostnames: [ingress.host] }),
    rules: [
      {
        matches: paths.map(value => ({ path: { type: 'PathPrefix', value } })),
        backendRefs: [{ name: 'gateway', port: 80 }],
        // None: a WebSocket is one request that lasts for hours.
        timeouts: { request: '0s' },
      },
    ],
  };
}

function backends(httpRoute: string, loadBalancer: object): object {
  return {
    targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: httpRoute }],
    loadBalancer,
    timeout: { http: { requestTimeout: '0s' } },
  };
}
