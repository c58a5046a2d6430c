import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { until } from '@kittiwake/testkit';
import { environment, manifestsOf } from './synthesise.ts';

const run = promisify(execFile);
const NAMESPACE = 'kw-guard-test';
const CONTROLLER = `--as=system:serviceaccount:${NAMESPACE}:controller`;
const OWNER = { apiVersion: 'v1', kind: 'Pod', name: 'x', uid: '00000000-0000-0000-0000-000000000000' };
const COST = 'controller.kubernetes.io/pod-deletion-cost';
const IN_SERVICE = 'kittiwake.dev/in-service';

/** A pod that no node takes: it stands there, and nobody runs it. */
const IMPOSSIBLE = JSON.stringify({ spec: { nodeSelector: { nowhere: 'true' } } });

const SKIP = ((): false | string => {
  if ((process.env['KUBECONFIG'] ?? '') === '') return 'KUBECONFIG is not set: no API server to ask';
  const { status } = spawnSync('kubectl', ['get', '--raw', '/readyz'], { stdio: 'ignore', timeout: 10_000 });
  return status === 0 ? false : 'kubectl is not installed, or does not reach the API server';
})();

/** What the controller's account may do to a pod, asked of the API server itself. */
describe('the guard of pods', { skip: SKIP, timeout: 180_000 }, () => {
  let directory: string;
  let manifests: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kittiwake-guard-'));
    const values = environment('local', v => ({ ...v, namespace: NAMESPACE }));
    const items = manifestsOf(values).filter(
      ({ kind, metadata }) =>
        kind.startsWith('ValidatingAdmissionPolicy') ||
        (['Role', 'RoleBinding'].includes(kind) && metadata.name === 'kittiwake-controller'),
    );
    assert.equal(items.length, 4);
    manifests = join(directory, 'manifests.json');
    await writeFile(manifests, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await kubectl('create', 'namespace', NAMESPACE);
    await kubectl('apply', '-f', manifests);
    // kubectl reads what it patches, which the controller does not do.
    await kubectl('-n', NAMESPACE, 'create', 'role', 'reader', '--verb=get', '--resource=pods');
    const account = `--serviceaccount=${NAMESPACE}:controller`;
    await kubectl('-n', NAMESPACE, 'create', 'rolebinding', 'reader', '--role=reader', account);
    await kubectl(
      '-n',
      NAMESPACE,
      'run',
      'gateway',
      '--image=node:26-bookworm-slim',
      '--overrides',
      IMPOSSIBLE,
    );
    // An API server that has just started applies no policy before it has read its own resources anew, every 30 s.
    // What gets through before that changes the pod: to ask for the same again would be no change, which nobody refuses.
    let attempt = 0;
    const isRefused = async (): Promise<boolean> => {
      attempt += 1;
      return /may change/.test((await patch({ labels: { attempt: String(attempt) } })) ?? '');
    };
    await until(isRefused, { timeoutMs: 90_000, what: 'the policy applies' });
  });
  after(async () => {
    await kubectl('delete', '-f', manifests, '--ignore-not-found');
    await kubectl('delete', 'namespace', NAMESPACE, '--ignore-not-found', '--timeout=60s');
    await rm(directory, { recursive: true, force: true });
  });

  test('[G3] the deletion cost may be set, changed and taken away', async () => {
    for (const cost of ['7', '-1', null])
      assert.equal(await patch({ annotations: { [COST]: cost } }), undefined);
  });
  test('[G3] a gateway may be taken out of the Services, and put back', async () => {
    for (const value of ['false', 'true'])
      assert.equal(await patch({ labels: { [IN_SERVICE]: value } }), undefined);
  });
  for (const [what, metadata, spec] of [
    ['another annotation', { annotations: { 'kittiwake.dev/drain': 'now' } }, undefined],
    ['the cost and another annotation', { annotations: { [COST]: '1', x: 'y' } }, undefined],
    ['a label', { labels: { 'app.kubernetes.io/component': 'gateway' } }, undefined],
    ['that label and another', { labels: { [IN_SERVICE]: 'false', x: 'y' } }, undefined],
    ['an owner', { ownerReferences: [OWNER] }, undefined],
    ['a finalizer', { finalizers: ['kittiwake.dev/never'] }, undefined],
    ['the image', {}, { containers: [{ name: 'gateway', image: 'redis:7.0-bookworm' }] }],
  ] as const) {
    test(`[G3] ${what} is refused`, async () => {
      assert.match(
        (await patch(metadata, spec)) ?? '',
        /the controller may change .* of a pod, and nothing else/,
      );
    });
  }
  test('[G3] others are not bound by it', async () => {
    await kubectl('-n', NAMESPACE, 'annotate', 'pod', 'gateway', 'x=y');
  });
});

/** Patches the pod as the controller would; what the API server said against it, or nothing. */
async function patch(metadata: object, spec?: object): Promise<string | undefined> {
  const body = JSON.stringify(spec === undefined ? { metadata } : { metadata, spec });
  const type = spec === undefined ? 'merge' : 'strategic';
  try {
    await kubectl('-n', NAMESPACE, 'patch', 'pod', 'gateway', '--type', type, '-p', body, CONTROLLER);
    return undefined;
  } catch (reason) {
    return String((reason as { readonly stderr?: string }).stderr);
  }
}

function kubectl(...args: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return run('kubectl', [...args], { timeout: 90_000 });
}
