import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { Values } from '../values.ts';
import { labelsOf } from './labels.ts';

/**
 * Gateway API with Envoy Gateway 1.9: a Gateway, an HTTPRoute, and policies for connections that live for hours.
 * WebSocket upgrades are on by default; `requestTimeout` and `streamIdleTimeout` would cut them (kubernetes.md §2.3).
 * Session persistence is experimental and changing in the Gateway API (GEP-1619): sticky paths use a cookie's hash.
 */
export class EnvoyGateway extends Construct {
  constructor(scope: Construct, id: string, values: Values) {
    super(scope, id);
    const { namespace, ingress } = values;
    const metadata = (name: string): object => ({ name, namespace, labels: labelsOf('ingress') });
    const add = (key: string, apiVersion: string, kind: string, spec: object): void => {
      new ApiObject(this, key, { apiVersion, kind, metadata: metadata(key), spec });
    };
    add('gateway', 'gateway.networking.k8s.io/v1', 'Gateway', {
      gatewayClassName: ingress.className ?? 'eg',
      listeners: listeners(values),
    });
    add('gateway-route', 'gateway.networking.k8s.io/v1', 'HTTPRoute', route(values, 'gateway', ['/v1']));
    add('gateway-clients', 'gateway.envoyproxy.io/v1alpha1', 'ClientTrafficPolicy', {
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gateway' }],
      timeout: {
        http: {
          idleTimeout: `${ingress.idleTimeoutSeconds}s`,
          streamIdleTimeout: `${ingress.idleTimeoutSeconds}s`,
        },
      },
    });
    add(
      'gateway-backends',
      'gateway.envoyproxy.io/v1alpha1',
      'BackendTrafficPolicy',
      backends('gateway-route', { type: 'LeastRequest' }),
    );
    if (ingress.stickyPaths.length === 0) return;
    add(
      'gateway-sticky',
      'gateway.networking.k8s.io/v1',
      'HTTPRoute',
      route(values, 'gateway', ingress.stickyPaths),
    );
    add(
      'gateway-sticky-backends',
      'gateway.envoyproxy.io/v1alpha1',
      'BackendTrafficPolicy',
      backends('gateway-sticky', COOKIE_HASH),
    );
  }
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

function route({ ingress }: Values, service: string, paths: readonly string[]): object {
  return {
    parentRefs: [{ name: 'gateway' }],
    ...(ingress.host === undefined ? {} : { hostnames: [ingress.host] }),
    rules: [
      {
        matches: paths.map(value => ({ path: { type: 'PathPrefix', value } })),
        backendRefs: [{ name: service, port: 80 }],
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
