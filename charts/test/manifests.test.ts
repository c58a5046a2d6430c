import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { allVariants, at, environment, filesOf, type Manifest, manifestsOf, podsOf } from './synthesise.ts';

const VARIANTS = allVariants().map(([name, values]) => ({ name, values, manifests: manifestsOf(values) }));

/** A claim about all manifests of each variant. */
function everyVariant(claim: string, holds: (manifests: readonly Manifest[]) => void): void {
  test(claim, () => {
    for (const { name, manifests } of VARIANTS) {
      try {
        holds(manifests);
      } catch (reason) {
        throw new Error(`${name}: ${String(reason)}`, { cause: reason });
      }
    }
  });
}

describe('the manifests of every environment and profile', () => {
  everyVariant('[G1] begin with the namespace', manifests => assert.equal(manifests[0]?.kind, 'Namespace'));
  everyVariant('[G5] hold no Secret', manifests =>
    assert.ok(manifests.every(({ kind }) => kind !== 'Secret')),
  );
  everyVariant('[G1] have one name each, within their kind and namespace', manifests => {
    const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.name}`);
    assert.equal(new Set(names).size, names.length);
  });
  everyVariant('[G1] say which namespace they are in, unless they are in none', manifests => {
    const clusterWide = [
      'Namespace',
      'PriorityClass',
      'ClusterRole',
      'ClusterRoleBinding',
      'APIService',
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
    ];
    for (const { kind, metadata } of manifests)
      assert.equal(metadata.namespace === undefined, clusterWide.includes(kind), `${kind} ${metadata.name}`);
  });
  everyVariant('[G1] are labelled as parts of Kittiwake', manifests => {
    for (const { kind, metadata } of manifests) {
      assert.equal(metadata.labels?.['app.kubernetes.io/part-of'], 'kittiwake', `${kind} ${metadata.name}`);
      assert.equal(metadata.labels?.['app.kubernetes.io/managed-by'], 'cdk8s');
    }
  });
  everyVariant(
    '[G3] give every set of pods a disruption budget and a network policy that select it',
    manifests => {
      for (const { owner, labels } of podsOf(manifests)) {
        const selects = (kind: string, ...path: readonly string[]): boolean =>
          manifests.some(m => m.kind === kind && m.spec !== undefined && isSelected(m, path, labels));
        assert.ok(selects('NetworkPolicy', 'podSelector', 'matchLabels'), owner);
        if (!owner.startsWith('Job'))
          assert.ok(selects('PodDisruptionBudget', 'selector', 'matchLabels'), owner);
      }
    },
  );
  everyVariant('[G1] refer only to ServiceAccounts that are there', manifests => {
    const accounts = manifests
      .filter(({ kind }) => kind === 'ServiceAccount')
      .map(({ metadata }) => metadata.name);
    for (const { pod, owner } of podsOf(manifests))
      assert.ok(accounts.includes(String(at(pod, 'serviceAccountName'))), owner);
  });
  everyVariant('[G1] select pods that are there, by ports that they have', manifests => {
    const pods = podsOf(manifests);
    for (const service of manifests.filter(({ kind }) => kind === 'Service')) {
      const selector = { ...(at(service.spec ?? ({} as never), 'selector') as object) } as {
        [label: string]: string;
      };
      delete selector['statefulset.kubernetes.io/pod-name'];
      assert.ok(
        pods.some(({ labels }) =>
          Object.entries(selector).every(([label, value]) => labels[label] === value),
        ),
        service.metadata.name,
      );
    }
  });
  everyVariant('[G4] hold no empty list, which the API server would not write back', manifests => {
    for (const manifest of manifests)
      assert.doesNotMatch(
        JSON.stringify(manifest),
        /"(?:ingress|egress|ports|env|imagePullSecrets)":\[\]/,
        manifest.metadata.name,
      );
  });
});

describe('the files', () => {
  test('[G4] are the same bytes each time', () => {
    assert.deepEqual(filesOf(environment('local')), filesOf(environment('local')));
  });
  test('[G1] are numbered in the order in which they are applied', () => {
    assert.deepEqual([...filesOf(environment('local')).keys()].sort(), [
      '0000-platform.yaml',
      '0001-bootstrap.yaml',
      '0002-broker.yaml',
      '0003-controller.yaml',
      '0004-gateway.yaml',
      '0005-ingress.yaml',
      '0006-monitoring.yaml',
    ]);
  });
  test('[G1] have stable names: another image changes the name of the bootstrap Job and no other', () => {
    const names = (tag: string): readonly string[] =>
      manifestsOf(
        environment('local', v => ({
          ...v,
          images: { ...v.images, gateway: `g:${tag}`, controller: `c:${tag}` },
        })),
      ).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    const [before, after] = [names('1'), names('2')];
    const changed = before.filter((name, index) => after[index] !== name);
    assert.equal(changed.length, 1);
    assert.match(changed[0] ?? '', /^Job bootstrap-[0-9a-f]{10}$/);
  });
});

function isSelected(manifest: Manifest, path: readonly string[], labels: object): boolean {
  const selector = path.reduce<unknown>(
    (node, key) => (node as { [k: string]: unknown } | undefined)?.[key],
    manifest.spec,
  );
  return (
    selector !== undefined &&
    Object.entries(selector as object).every(
      ([label, value]) => (labels as { [k: string]: unknown })[label] === value,
    )
  );
}
