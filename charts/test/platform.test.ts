import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { at, environment, find, type Json, manifestsOf, specOf } from './synthesise.ts';

const manifests = manifestsOf(environment('local'));

describe('the namespace', () => {
  test('[G3] enforces Pod Security restricted at a fixed version', () => {
    const labels = find(manifests, 'Namespace', 'kittiwake').metadata.labels ?? {};
    for (const mode of ['enforce', 'audit', 'warn']) {
      assert.equal(labels[`pod-security.kubernetes.io/${mode}`], 'restricted');
      assert.match(labels[`pod-security.kubernetes.io/${mode}-version`] ?? '', /^v1\.\d+$/);
    }
  });
});

describe('the network policies', () => {
  const policy = (name: string): Json => specOf(manifests, 'NetworkPolicy', name);
  const portsOf = (rules: Json): readonly unknown[] =>
    rules.flatMap(rule => at(rule, 'ports').map(port => port['port']));

  test('[G8] deny what is not written down, both ways', () => {
    assert.deepEqual(policy('default-deny'), { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  });
  test('[G8] let only gateways and the tier itself reach Redis', () => {
    const from = at(policy('redis'), 'ingress', 0, 'from').map(peer =>
      at(peer, 'podSelector', 'matchLabels', 'app.kubernetes.io/component'),
    );
    assert.deepEqual(from, ['gateway', 'redis', 'sentinel']);
  });
  test('[G8] let Redis reach nothing but its tier and DNS', () => {
    assert.deepEqual(portsOf(at(policy('redis'), 'egress')), [53, 53, 6_379, 26_379]);
  });
  test('[G8] keep the HTTP API from everyone without the label', () => {
    const rule = at(policy('gateway'), 'ingress').find(
      candidate => (at(candidate, 'ports', 0, 'port') as unknown) === 8_100,
    );
    assert.match(JSON.stringify(rule?.['from']), /kittiwake.dev\/api-client/);
  });
  test('[G8] let nobody talk to the bootstrap Job', () =>
    assert.equal('ingress' in policy('bootstrap'), false));
});

describe('monitoring', () => {
  test('[G1] has a ConfigMap per dashboard that Grafana’s sidecar finds', () => {
    const dashboard = find(manifests, 'ConfigMap', 'dashboard-overview');
    assert.equal(dashboard.metadata.labels?.['grafana_dashboard'], '1');
    assert.deepEqual(Object.keys(dashboard.data ?? {}), ['overview.json']);
  });
  test('[G1] finds pods by annotations, or by PodMonitors, never by both', () => {
    const monitored = manifestsOf(environment('production'));
    const annotated = (all: typeof manifests): boolean =>
      'prometheus.io/scrape' in
      at(specOf(all, 'Deployment', 'gateway'), 'template', 'metadata', 'annotations');
    assert.deepEqual([annotated(manifests), annotated(monitored)], [true, false]);
    assert.equal(monitored.filter(({ kind }) => kind === 'PodMonitor').length, 2);
  });
  test('[G1] carries rules as the environment wants them', () => {
    assert.ok(find(manifests, 'ConfigMap', 'kittiwake-rules'));
    assert.ok(find(manifestsOf(environment('production')), 'PrometheusRule', 'kittiwake-rules'));
  });
});
