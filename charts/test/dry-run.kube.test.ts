import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { renderDashboards, renderRules, renderRulesYaml } from '@kittiwake/dashboards';
import type { Values } from '../src/values.ts';
import { standInCrds } from './stand-in-crds.ts';
import { environment, find, type Manifest, manifestsOf, podsOf } from './synthesise.ts';

const run = promisify(execFile);
const NAMESPACE = 'kw-charts-test';
const ASSETS = { dashboards: renderDashboards(), rules: renderRules(), rulesYaml: renderRulesYaml() };

const SKIP = ((): false | string => {
  if ((process.env['KUBECONFIG'] ?? '') === '') return 'KUBECONFIG is not set: no API server to ask';
  const { status } = spawnSync('kubectl', ['get', '--raw', '/readyz'], { stdio: 'ignore', timeout: 10_000 });
  return status === 0 ? false : 'kubectl is not installed, or does not reach the API server';
})();

/** Each environment as it is, and every other profile once. */
function variants(): readonly (readonly [name: string, values: Values])[] {
  const here = (name: string, change: (values: Values) => Values = v => v): Values =>
    environment(name, v => change({ ...v, namespace: NAMESPACE }));
  const ingress = (profile: Values['ingress']['profile']) => (v: Values) => ({
    ...v,
    ingress: { ...v.ingress, profile, stickyPaths: ['/v1/events'] },
  });
  return [
    ['local', here('local')],
    ['staging', here('staging')],
    ['production', here('production')],
    ...(['traefik', 'haproxy', 'envoy-gateway', 'nginx', 'alb'] as const).map(
      profile => [`local with ${profile}`, here('local', ingress(profile))] as const,
    ),
    ['local with KEDA', here('local', v => ({ ...v, autoscaling: { ...v.autoscaling, profile: 'keda' } }))],
  ];
}

describe('a real API server', { skip: SKIP, timeout: 300_000 }, () => {
  let directory: string;
  const made: string[] = [];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kittiwake-dry-run-'));
    for (const { name, manifest } of standInCrds()) {
      const { stdout } = await kubectl('get', 'crd', name, '--ignore-not-found', '-o', 'name');
      if (stdout !== '') continue;
      await kubectl('create', '-f', await fileOf([manifest]));
      made.push(name);
    }
    if (made.length > 0)
      await kubectl('wait', '--for=condition=Established', 'crd', ...made, '--timeout=30s');
    // The namespace is made for real, with its Pod Security labels, or nothing in it could be asked about.
    await kubectl(
      'apply',
      '-f',
      await fileOf([find(manifestsOf(variants()[0]?.[1] ?? environment('local')), 'Namespace', NAMESPACE)]),
    );
  });
  after(async () => {
    await kubectl('delete', 'namespace', NAMESPACE, '--ignore-not-found', '--timeout=60s');
    if (made.length > 0) await kubectl('delete', 'crd', ...made, '--timeout=60s');
    await rm(directory, { recursive: true, force: true });
  });

  for (const [name, values] of variants()) {
    test(`[G1] accepts every manifest of ${name}, without a warning`, async () => {
      const manifests = manifestsOf(values, ASSETS);
      const { stdout, stderr } = await kubectl('apply', '--dry-run=server', '-f', await fileOf(manifests));
      assert.equal(stdout.trim().split('\n').length, manifests.length);
      assert.doesNotMatch(stderr, /Warning/);
    });
    test(`[G3] admits every pod of ${name} under Pod Security restricted`, async () => {
      const pods = podsOf(manifestsOf(values, ASSETS)).map(({ owner, pod, labels }) => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: owner.replace(' ', '-').toLowerCase(), namespace: NAMESPACE, labels },
        spec: {
          ...(pod as object),
          volumes: withClaims(pod['volumes'], values),
          priorityClassName: undefined,
          serviceAccountName: 'default',
        },
      }));
      const { stdout } = await kubectl('create', '--dry-run=server', '-f', await fileOf(pods));
      assert.equal(stdout.trim().split('\n').length, pods.length);
    });
  }

  async function fileOf(objects: readonly object[]): Promise<string> {
    const file = join(directory, 'manifests.json');
    await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    return file;
  }
});

function kubectl(...args: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return run('kubectl', [...args], { timeout: 120_000, maxBuffer: 16 * 1_024 * 1_024 });
}

/** A StatefulSet adds the volumes of its claims to its pods. */
function withClaims(volumes: Manifest['spec'], { redis }: Values): readonly object[] {
  const claim = { name: 'data', persistentVolumeClaim: { claimName: 'data' } };
  const all = volumes ?? [];
  const hasData = [...all].some(volume => (volume['name'] as unknown) === 'data');
  return redis.storage.kind === 'ephemeral' || hasData ? [...all] : [...all, claim];
}
