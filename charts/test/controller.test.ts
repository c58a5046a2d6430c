import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { at, environment, find, manifestsOf, specOf } from './synthesise.ts';

const values = environment('local');
const manifests = manifestsOf(values);

describe('the controller', () => {
  test('[G3] may change nothing but its own objects, each by name', () => {
    const rules = [
      find(manifests, 'Role', 'kittiwake-controller'),
      find(manifests, 'ClusterRole', 'kittiwake-controller-cluster'),
    ]
      .flatMap(role => [...(role.rules ?? [])])
      .filter(rule => at(rule, 'verbs').some(verb => ['update', 'patch', 'delete'].includes(String(verb))));
    assert.equal(rules.length, 3);
    for (const rule of rules) assert.ok(at(rule, 'resourceNames').length > 0, JSON.stringify(rule));
  });
  test('[G3] nobody’s rules have a wildcard', () => {
    for (const { kind, rules, metadata } of manifests.filter(({ kind: k }) => k.endsWith('Role'))) {
      assert.doesNotMatch(JSON.stringify(rules), /"\*"/, `${kind} ${metadata.name}`);
    }
  });
  test('[G3] no rule lets anybody read Secrets by list or watch', () => {
    for (const { rules } of manifests.filter(({ kind }) => kind.endsWith('Role'))) {
      for (const rule of rules ?? []) {
        if (!at(rule, 'resources').some(resource => String(resource) === 'secrets')) continue;
        assert.ok(!at(rule, 'verbs').some(verb => ['list', 'watch'].includes(String(verb))));
      }
    }
  });
  test('[G1] registers both versions of the API, and leaves the CA bundle to the controller', () => {
    for (const version of ['v1beta1', 'v1beta2']) {
      const spec = specOf(manifests, 'APIService', `${version}.custom.metrics.k8s.io`);
      assert.deepEqual(at(spec, 'service'), { name: 'controller', namespace: 'kittiwake', port: 443 });
      assert.equal('caBundle' in spec || 'insecureSkipTLSVerify' in spec, false);
    }
  });
  test('[G3] only the autoscaler reads the metric, and only this one', () => {
    const reader = find(manifests, 'ClusterRole', 'kittiwake-metrics-reader');
    assert.match(JSON.stringify(reader.rules), /kittiwake_connections_active/);
    assert.deepEqual(find(manifests, 'ClusterRoleBinding', 'kittiwake-metrics-reader').subjects, [
      { kind: 'ServiceAccount', name: 'horizontal-pod-autoscaler', namespace: 'kube-system' },
    ]);
  });
});

describe('the bootstrap Job', () => {
  const job = manifests.find(({ kind }) => kind === 'Job');
  const role = find(manifests, 'Role', 'kittiwake-bootstrap');

  test('[G5] can neither read nor change a Secret', () => {
    const verbs = (role.rules ?? []).filter(rule =>
      at(rule, 'resources').some(resource => String(resource) === 'secrets'),
    );
    assert.deepEqual(
      verbs.map(rule => at(rule, 'verbs')),
      [['create']],
    );
  });
  test('[G5] stays when it is done, so that a second apply runs nothing', () => {
    assert.equal('ttlSecondsAfterFinished' in (job?.spec ?? {}), false);
  });
  test('[G5] is told the names in the certificate', () => {
    const env = at(job?.spec ?? ({} as never), 'template', 'spec', 'containers', 0, 'env');
    assert.equal(
      env.find(variable => variable['name'] === 'KITTIWAKE_TLS_HOSTS')?.['value'],
      values.tlsHosts.join(','),
    );
  });
});
