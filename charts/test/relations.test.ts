import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ENVIRONMENTS, environmentNamed } from '../src/environments/environment.ts';
import { describeProblems, findProblems } from '../src/relations.ts';
import type { Values } from '../src/values.ts';
import { environment } from './synthesise.ts';

/** Paths of what is wrong when a part of the local environment is changed. */
function broken(change: (values: Values) => Values): readonly string[] {
  return findProblems(environment('local', change)).map(({ path }) => path);
}

describe('the relations between values', () => {
  for (const name of Object.keys(ENVIRONMENTS)) {
    test(`[G2] hold in ${name}`, () => assert.deepEqual(findProblems(environment(name)), []));
  }
  test('[G2] are reported together, each with its path', () => {
    const problems = broken(v => ({
      ...v,
      gateway: { ...v.gateway, budget: { ...v.gateway.budget, marginSeconds: 0 } },
      autoscaling: { ...v.autoscaling, replicasMax: 1, connectionsTarget: 5_000 },
      redis: { ...v.redis, quorum: 1, minReplicasToWrite: 3 },
      disruption: { unavailableMax: 2 },
    }));
    assert.deepEqual(problems, [
      'gateway.budget.marginSeconds',
      'autoscaling.replicasMax',
      'autoscaling.connectionsTarget',
      'disruption.unavailableMax',
      'disruption.unavailableMax',
      'disruption.unavailableMax',
      'redis.minReplicasToWrite',
      'redis.quorum',
    ]);
  });
  test('[G6] two versions must not live side by side for longer than ten minutes', () => {
    const slow = { startSeconds: 60, surgePercent: 10 };
    assert.deepEqual(
      broken(v => ({ ...v, gateway: { ...v.gateway, budget: { ...v.gateway.budget, ...slow } } })),
      ['gateway.budget.surgePercent'],
    );
  });
  test('[G6] a full gateway must be handed over in time', () => {
    assert.deepEqual(
      broken(v => ({ ...v, gateway: { ...v.gateway, connectionsMax: 800_000 } })),
      ['gateway.budget.handoverPerSecond', 'gateway.budget.handoverPerSecond'],
    );
  });
  test('[G6] hand-overs must leave room for those who come of their own accord', () => {
    const greedy = { acceptPerSecond: 100, handoverPerSecond: 51 };
    assert.deepEqual(
      broken(v => ({ ...v, gateway: { ...v.gateway, budget: { ...v.gateway.budget, ...greedy } } })),
      ['gateway.budget.handoverPerSecond'],
    );
  });
  test('[G6] the autoscaler must wait long enough for the emptiest gateways to be marked', () => {
    assert.deepEqual(
      broken(v => ({ ...v, autoscaling: { ...v.autoscaling, scaleDownStabilizationSeconds: 10 } })),
      ['autoscaling.scaleDownStabilizationSeconds'],
    );
  });
  test('[G2] the primary must need a replica that is left when a node is drained', () => {
    assert.deepEqual(
      broken(v => ({ ...v, redis: { ...v.redis, minReplicasToWrite: 2 } })),
      ['disruption.unavailableMax'],
    );
  });
  test('[G2] Redis keeps a quarter of its memory for buffers', () => {
    assert.deepEqual(
      broken(v => ({ ...v, redis: { ...v.redis, dataMiB: 200 } })),
      ['redis.dataMiB'],
    );
  });
  test('[G2] problems read as lines with their paths', () => {
    assert.equal(
      describeProblems('x', [{ path: 'a.b', problem: 'must be c' }]),
      'environment x has 1 problem\n  a.b: must be c',
    );
  });
});

describe('choosing an environment', () => {
  test('[G2] an unknown name is answered with the known ones', () => {
    const chosen = environmentNamed('prod', { imageTag: 'dev' });
    assert.ok(!chosen.ok);
    assert.match(chosen.error, /no "prod", only local, staging, production/);
  });
  test('[G2] a tag that no registry takes is refused', () =>
    assert.equal(environmentNamed('local', { imageTag: 'a b' }).ok, false));
  test('[G1] both images of ours get the tag, and Redis keeps its own', () => {
    const chosen = environmentNamed('local', { imageTag: 'v7' });
    assert.ok(chosen.ok);
    assert.deepEqual(
      [chosen.value.images.gateway, chosen.value.images.controller, chosen.value.images.redis],
      ['kittiwake/gateway:v7', 'kittiwake/controller:v7', 'redis:7.0-bookworm'],
    );
  });
  test('[G1] the images of ours come from the registry that is named', () => {
    const chosen = environmentNamed('local', { imageTag: 'v7', registry: 'ghcr.io/acme' });
    assert.ok(chosen.ok);
    assert.equal(chosen.value.images.gateway, 'ghcr.io/acme/kittiwake/gateway:v7');
    assert.equal(environmentNamed('local', { imageTag: 'v7', registry: 'https://x' }).ok, false);
  });
});
