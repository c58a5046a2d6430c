import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { IngressProfile, IngressValues } from '../src/values.ts';
import { at, environment, find, type Manifest, manifestsOf, specOf } from './synthesise.ts';

const withIngress = (profile: IngressProfile, change: Partial<IngressValues> = {}): readonly Manifest[] =>
  manifestsOf(environment('local', v => ({ ...v, ingress: { ...v.ingress, profile, ...change } })));

/** What each controller must be told so that a silent connection is not cut. */
const IDLE: { readonly [P in IngressProfile]?: readonly [annotation: string, value: string] } = {
  haproxy: ['haproxy-ingress.github.io/timeout-tunnel', '3600s'],
  nginx: ['nginx.ingress.kubernetes.io/proxy-read-timeout', '3600'],
  alb: ['alb.ingress.kubernetes.io/load-balancer-attributes', 'idle_timeout.timeout_seconds=3600'],
};

describe('the ingress', () => {
  for (const profile of ['traefik', 'haproxy', 'nginx', 'alb'] as const) {
    test(`[G8] of ${profile} routes clients to port 80 of the gateways, over TLS with our Secret`, () => {
      const spec = specOf(withIngress(profile), 'Ingress', 'gateway');
      assert.deepEqual(at(spec, 'tls'), [{ secretName: 'kittiwake-tls' }]);
      assert.deepEqual(at(spec, 'rules'), [
        {
          http: {
            paths: [
              {
                path: '/v1',
                pathType: 'Prefix',
                backend: { service: { name: 'gateway', port: { number: 80 } } },
              },
            ],
          },
        },
      ]);
      assert.equal(spec['ingressClassName'], profile);
    });
    test(`[G8] of ${profile} is not sticky for WebSockets`, () => {
      const ingress = find(withIngress(profile), 'Ingress', 'gateway');
      assert.doesNotMatch(JSON.stringify(ingress.metadata.annotations), /sticky|affinity|stickiness|cookie/);
    });
    test(`[G8] of ${profile} keeps clients of other transports at one gateway by a cookie`, () => {
      const manifests = withIngress(profile, { stickyPaths: ['/v1/events'] });
      const both = [
        find(manifests, 'Ingress', 'gateway-sticky'),
        find(manifests, 'Service', 'gateway-sticky'),
      ];
      assert.match(JSON.stringify(both.map(({ metadata }) => metadata.annotations)), /sticky|cookie/);
    });
  }
  for (const [profile, [annotation, value]] of Object.entries(IDLE)) {
    test(`[G8] of ${profile} is told how long a connection may be silent`, () => {
      const ingress = find(withIngress(profile as IngressProfile), 'Ingress', 'gateway');
      assert.equal(ingress.metadata.annotations?.[annotation], value);
    });
  }
  test('[G8] of Traefik has one entry point each: with TLS, and without', () => {
    const manifests = withIngress('traefik');
    const entryPoint = (name: string): unknown =>
      find(manifests, 'Ingress', name).metadata.annotations?.[
        'traefik.ingress.kubernetes.io/router.entrypoints'
      ];
    assert.deepEqual([entryPoint('gateway'), entryPoint('gateway-plain')], ['websecure', 'web']);
  });
  test('[G8] without TLS is there only where it is wanted', () => {
    assert.ok(
      withIngress('traefik', { plain: false }).every(({ metadata }) => metadata.name !== 'gateway-plain'),
    );
  });
  test('[G8] names its host in the rule and in the certificate', () => {
    const spec = specOf(withIngress('haproxy', { host: 'rt.example.com' }), 'Ingress', 'gateway');
    assert.deepEqual(
      [at(spec, 'tls', 0, 'hosts'), at(spec, 'rules', 0, 'host')],
      [['rt.example.com'], 'rt.example.com'],
    );
  });
  test('[G8] of Envoy Gateway is a route that no timeout cuts', () => {
    const manifests = withIngress('envoy-gateway');
    assert.deepEqual(at(specOf(manifests, 'HTTPRoute', 'gateway-route'), 'rules', 0, 'timeouts'), {
      request: '0s',
    });
    assert.equal(
      at(specOf(manifests, 'ClientTrafficPolicy', 'gateway-clients'), 'timeout', 'http', 'streamIdleTimeout'),
      '3600s',
    );
    assert.ok(manifests.every(({ kind }) => kind !== 'Ingress'));
  });
  test('[G8] can be left to others', () => {
    assert.ok(withIngress('none').every(({ kind }) => kind !== 'Ingress' && kind !== 'HTTPRoute'));
  });
});
