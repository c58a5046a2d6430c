import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { allVariants, at, type Json, manifestsOf, podsOf } from './synthesise.ts';

/** Every pod of every environment under every profile. */
const PODS = allVariants().flatMap(([variant, values]) =>
  podsOf(manifestsOf(values)).map(found => ({ ...found, variant })),
);

/** One claim about each pod, or about each of its containers. */
function everyPod(claim: string, holds: (pod: Json, owner: string) => void): void {
  test(claim, () => {
    assert.ok(PODS.length >= 5 * 3 * 6);
    for (const { pod, owner, variant } of PODS) {
      try {
        holds(pod, owner);
      } catch (reason) {
        throw new Error(`${variant}: ${owner}: ${String(reason)}`, { cause: reason });
      }
    }
  });
}
function everyContainer(claim: string, holds: (container: Json, owner: string) => void): void {
  everyPod(claim, (pod, owner) => {
    for (const container of at(pod, 'containers')) holds(container, owner);
  });
}
const isJob = (owner: string): boolean => owner.startsWith('Job');

describe('every pod of every environment and profile', () => {
  everyPod('[G3] runs as a user and group above 10000, never as root', pod => {
    const context = at(pod, 'securityContext');
    assert.equal(context['runAsNonRoot'], true);
    for (const id of ['runAsUser', 'runAsGroup', 'fsGroup']) assert.ok(Number(context[id]) >= 10_001, id);
  });
  everyPod('[G3] has the runtime’s seccomp profile', pod => {
    assert.equal(at(pod, 'securityContext', 'seccompProfile', 'type'), 'RuntimeDefault');
  });
  everyPod('[G3] shares nothing with its node', pod => {
    for (const field of [
      'hostNetwork',
      'hostPID',
      'hostIPC',
      'hostUsers',
      'initContainers',
      'ephemeralContainers',
    ])
      assert.equal(pod[field], undefined);
  });
  everyPod('[G3] mounts only volumes that Pod Security restricted allows', pod => {
    const allowed = ['configMap', 'emptyDir', 'projected', 'secret'];
    for (const volume of at(pod, 'volumes')) {
      const sources = Object.keys(volume).filter(key => key !== 'name');
      assert.ok(
        sources.length === 1 && sources.every(source => allowed.includes(source)),
        String(volume['name']),
      );
    }
  });
  everyPod('[G3] bounds every emptyDir', pod => {
    for (const volume of at(pod, 'volumes'))
      if (volume['emptyDir'] !== undefined) assert.ok(at(volume, 'emptyDir', 'sizeLimit'));
  });
  everyPod('[G3] has a ServiceAccount of its own and says whether its token is mounted', (pod, owner) => {
    const name = String(at(pod, 'serviceAccountName'));
    assert.ok(['gateway', 'controller', 'redis', 'bootstrap'].includes(name));
    assert.equal(pod['automountServiceAccountToken'], name === 'controller' || name === 'bootstrap', owner);
  });
  everyPod('[G3] gets no environment variables of other Services', pod =>
    assert.equal(pod['enableServiceLinks'], false),
  );
  everyPod('[G3] has a priority', pod => assert.equal(pod['priorityClassName'], 'kittiwake'));
  everyPod('[G3] says how long it may take to stop', pod =>
    assert.ok(Number(pod['terminationGracePeriodSeconds']) > 0),
  );
  everyPod('[G3] is spread over zones and nodes, and keeps away from its like', (pod, owner) => {
    if (isJob(owner)) return;
    const keys = at(pod, 'topologySpreadConstraints').map(constraint => constraint['topologyKey']);
    assert.deepEqual(keys, ['topology.kubernetes.io/zone', 'kubernetes.io/hostname']);
    assert.ok(at(pod, 'affinity', 'podAntiAffinity', 'preferredDuringSchedulingIgnoredDuringExecution', 0));
  });
});

describe('every container of every environment and profile', () => {
  everyContainer('[G3] cannot gain privileges and has no capability', container => {
    const context = at(container, 'securityContext');
    assert.equal(context['allowPrivilegeEscalation'], false);
    assert.equal(context['privileged'], false);
    assert.deepEqual(context['capabilities'], { drop: ['ALL'] });
  });
  everyContainer('[G3] has a root file system that nothing can be written to, and a /tmp', container => {
    assert.equal(at(container, 'securityContext', 'readOnlyRootFilesystem'), true);
    assert.ok(at(container, 'volumeMounts').some(mount => mount['mountPath'] === '/tmp'));
  });
  everyContainer('[G3] requests CPU, memory and storage, and is bounded in memory and storage', container => {
    assert.deepEqual(Object.keys(at(container, 'resources', 'requests')), [
      'cpu',
      'ephemeral-storage',
      'memory',
    ]);
    assert.deepEqual(Object.keys(at(container, 'resources', 'limits')), ['ephemeral-storage', 'memory']);
  });
  everyContainer('[G3] has three probes that differ, none of which names a host', (container, owner) => {
    if (isJob(owner)) return;
    const probes = ['startupProbe', 'readinessProbe', 'livenessProbe'].map(name =>
      JSON.stringify(at(container, name)),
    );
    assert.equal(new Set(probes).size, 3);
    assert.ok(probes.every(probe => !probe.includes('"host"')));
  });
  everyContainer('[G3] has an image with a tag that is not latest', container => {
    assert.match(String(container['image']), /:[\w][\w.-]*$/);
    assert.doesNotMatch(String(container['image']), /:latest$/);
  });
  everyContainer('[G3] names each port and its protocol', container => {
    for (const port of (container['ports'] ?? []) as readonly Json[])
      assert.ok(port['name'] !== undefined && port['protocol'] === 'TCP');
  });
  everyContainer('[G5] has no secret in its environment', container => {
    for (const variable of (container['env'] ?? []) as readonly Json[]) {
      assert.doesNotMatch(String(variable['name']), /PASSWORD|TOKEN|API_KEY|SIGNING/);
      assert.equal(
        variable['valueFrom'] === undefined || 'fieldRef' in (variable['valueFrom'] as object),
        true,
      );
    }
  });
});
