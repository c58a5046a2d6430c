import assert from 'node:assert/strict';
import { test } from 'node:test';
import { archiveOf, clusterOfContext, type Detected, type Image, planImages } from './plan.ts';

const IMAGES: readonly Image[] = [
  { tag: 'kittiwake/gateway:dev', dockerfile: 'infra/docker/gateway.Dockerfile' },
];
const NOTHING: Detected = { builders: [], cluster: { kind: 'none' }, testCluster: undefined };

function commands(detected: Detected): readonly string[] {
  const plan = planImages(IMAGES, detected, '/tmp/x');
  return plan.kind === 'run' ? plan.steps.map(({ command }) => command.join(' ')) : [plan.why];
}

test('[G10] without a builder it says what to install', () => {
  assert.match(commands(NOTHING)[0] ?? '', /install docker .* buildah, or podman/);
});

test('[G9] docker hands its image to kind directly', () => {
  const steps = commands({
    builders: ['docker', 'podman'],
    cluster: { kind: 'kind', name: 'dev' },
    testCluster: undefined,
  });
  assert.deepEqual(steps, [
    'docker build --quiet --file infra/docker/gateway.Dockerfile --tag kittiwake/gateway:dev .',
    'kind load docker-image --name dev kittiwake/gateway:dev',
  ]);
});

test('[G9] podman saves an archive that minikube loads', () => {
  const steps = commands({
    builders: ['podman'],
    cluster: { kind: 'minikube', name: 'minikube' },
    testCluster: undefined,
  });
  assert.deepEqual(steps.slice(1), [
    'podman push --quiet kittiwake/gateway:dev docker-archive:/tmp/x/kittiwake-gateway-dev.tar:docker.io/kittiwake/gateway:dev',
    'minikube --profile minikube image load /tmp/x/kittiwake-gateway-dev.tar',
  ]);
});

test('[G9] the test cluster builds and loads by itself', () => {
  const steps = commands({ builders: [], cluster: { kind: 'test' }, testCluster: './cluster' });
  assert.deepEqual(steps, ['./cluster image kittiwake/gateway:dev . infra/docker/gateway.Dockerfile']);
});

test('[G10] for a cluster it does not know it builds, and says how images get there', () => {
  const plan = planImages(
    IMAGES,
    { builders: ['buildah'], cluster: { kind: 'other' }, testCluster: undefined },
    '/tmp/x',
  );
  assert.ok(plan.kind === 'run' && plan.steps.length === 1);
  assert.match(plan.note ?? '', /push the images/);
});

test('[G9] contexts are told apart by their names', () => {
  assert.deepEqual(clusterOfContext('kind-kittiwake'), { kind: 'kind', name: 'kittiwake' });
  assert.deepEqual(clusterOfContext('k3d-a-b'), { kind: 'k3d', name: 'a-b' });
  assert.deepEqual(clusterOfContext('minikube'), { kind: 'minikube', name: 'minikube' });
  assert.deepEqual(clusterOfContext('kw'), { kind: 'test' });
  assert.deepEqual(clusterOfContext('arn:aws:eks:x'), { kind: 'other' });
  assert.deepEqual(clusterOfContext(undefined), { kind: 'none' });
});

test('[G9] archives have names without slashes and colons', () => {
  assert.equal(archiveOf({ tag: 'a/b:c', dockerfile: '' }, '/d'), '/d/a-b-c.tar');
});
