import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SECRET_NAMES } from '../../services/controller/src/bootstrap/secrets.ts';
import { readControllerConfig } from '../../services/controller/src/config/controller-config.ts';
import { IN_SERVICE, IN_SERVICE_LABEL } from '../../services/controller/src/gateways/gateway-pod.ts';
import { rolloutBudget } from '../src/rollout-budget.ts';
import { at, environment, find, type Json, manifestsOf, podsOf, specOf } from './synthesise.ts';

const values = environment('local');
const manifests = manifestsOf(values);

describe('the controller', () => {
  test('[G3] may change nothing but its own objects, each by name, and pods under guard', () => {
    const rules = [
      find(manifests, 'Role', 'kittiwake-controller'),
      find(manifests, 'ClusterRole', 'kittiwake-controller-cluster'),
    ]
      .flatMap(role => [...(role.rules ?? [])])
      .filter(rule => at(rule, 'verbs').some(verb => ['update', 'patch', 'delete'].includes(String(verb))));
    const nameless = rules.filter(rule => rule['resourceNames'] === undefined);
    assert.deepEqual(
      nameless.map(rule => [at(rule, 'resources'), at(rule, 'verbs')]),
      [[['pods'], ['list', 'watch', 'patch']]],
    );
    assert.equal(rules.length, 5);
  });
  test('[G3] may change one annotation and one label of a pod, and nothing else of it: the API server sees to that', () => {
    const name = 'kittiwake-controller-pods.kittiwake';
    const guard = specOf(manifests, 'ValidatingAdmissionPolicy', name);
    assert.equal(guard['failurePolicy'], 'Fail');
    assert.match(
      String(at(guard, 'matchConditions', 0, 'expression')),
      /'system:serviceaccount:kittiwake:controller'/,
    );
    const rule = String(at(guard, 'validations', 0, 'expression'));
    assert.match(rule, /object\.spec == oldObject\.spec && /);
    assert.match(rule, /pod-deletion-cost/);
    assert.match(rule, /\["kittiwake\.dev\/in-service"\]/);
    const binding = specOf(manifests, 'ValidatingAdmissionPolicyBinding', name);
    assert.deepEqual([at(binding, 'policyName'), at(binding, 'validationActions')], [name, ['Deny']]);
  });
  test('[R35] Services ask for the label that it takes away, every gateway begins with it, and no workload goes by it', () => {
    const label = { [IN_SERVICE_LABEL]: IN_SERVICE.yes };
    const services = manifests.filter(
      ({ kind, metadata }) => kind === 'Service' && metadata.name.startsWith('gateway'),
    );
    assert.ok(services.length >= 2);
    for (const { metadata } of services)
      assert.partialDeepStrictEqual(at(specOf(manifests, 'Service', metadata.name), 'selector'), label);
    const gateway = specOf(manifests, 'Deployment', 'gateway');
    assert.partialDeepStrictEqual(at(gateway, 'template', 'metadata', 'labels'), label);
    assert.equal(IN_SERVICE_LABEL in at(gateway, 'selector', 'matchLabels'), false);
  });
  test('[G3] knows the operations key, and no other secret', () => {
    const pod = at(specOf(manifests, 'Deployment', 'controller'), 'template', 'spec');
    const sources = at(pod, 'volumes', 0, 'projected', 'sources');
    assert.deepEqual(
      sources.map(source => at(source, 'secret', 'name')),
      ['kittiwake-operations-key'],
    );
  });
  test('[G6] is told what a gateway takes, and how long a rollout may stand still', () => {
    const container = at(specOf(manifests, 'Deployment', 'controller'), 'template', 'spec', 'containers', 0);
    const told = new Map(at(container, 'env').map(variable => [String(variable['name']), variable['value']]));
    const config = readControllerConfig({
      POD_NAME: 'controller-1',
      POD_NAMESPACE: 'kittiwake',
      KUBERNETES_SERVICE_HOST: '10.96.0.1',
      ...Object.fromEntries(
        [...told].flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
      ),
    });
    assert.ok(config.ok, JSON.stringify(config));
    const { acceptPerSecond, stallMs, secretsDirectory } = config.value.handover;
    assert.deepEqual(
      [acceptPerSecond, stallMs, secretsDirectory],
      [
        values.gateway.budget.handoverPerSecond,
        rolloutBudget(values).stallSeconds * 1_000,
        '/etc/kittiwake/secrets',
      ],
    );
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
  test('[G5] runs anew where it is to make another Secret: its template names all that it makes', () => {
    const made = at(job?.spec ?? ({} as never), 'template', 'metadata', 'annotations', 'kittiwake.dev/makes');
    assert.deepEqual(String(made).split(','), SECRET_NAMES);
  });
  test('[G5] makes every Secret that a pod mounts', () => {
    const mounted = podsOf(manifests).flatMap(({ pod }) => {
      const volumes = at(pod, 'volumes') as readonly Json[];
      const projected = volumes.flatMap(volume => [...(volume['projected']?.['sources'] ?? [])]);
      return [...volumes, ...projected].flatMap(
        ({ secret }) => secret?.['secretName'] ?? secret?.['name'] ?? [],
      );
    });
    const names = new Set(mounted.map(String));
    assert.equal(names.size, 4);
    for (const name of names) assert.ok((SECRET_NAMES as readonly string[]).includes(name), name);
  });
  test('[G5] is told the names in the certificate', () => {
    const env = at(job?.spec ?? ({} as never), 'template', 'spec', 'containers', 0, 'env');
    assert.equal(
      env.find(variable => variable['name'] === 'KITTIWAKE_TLS_HOSTS')?.['value'],
      values.tlsHosts.join(','),
    );
  });
});
