import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '@kittiwake/base';
import { until } from '@kittiwake/testkit';
import { inNamespace, isReady, kubectl, list, NAMESPACE, podsOf } from './kubectl.ts';

const ROOT = new URL('../../..', import.meta.url).pathname;
const OURS = ['-l', 'app.kubernetes.io/part-of=kittiwake'];
/** Kinds whose objects the manifests make in the namespace. */
const KINDS =
  'deployments,statefulsets,services,ingresses,configmaps,secrets,jobs,hpa,pdb,networkpolicies,roles,rolebindings,serviceaccounts';

/** Pods of each component that must be Ready: the local environment's numbers. */
const WANTED: { readonly [component: string]: number } = { redis: 3, sentinel: 3, controller: 2, gateway: 3 };

/** Renders the local environment into a folder of its own; `env` is what `npm run synth` is told besides. */
export async function synthesise(env: { readonly [name: string]: string } = {}): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kittiwake-dist-'));
  await promisify(execFile)(process.execPath, ['charts/src/main.ts'], {
    cwd: ROOT,
    env: { ...process.env, ...env, KITTIWAKE_ENVIRONMENT: 'local', CDK8S_OUTDIR: directory },
  });
  return directory;
}

/** `kubectl apply -f`, in one go as the README says. */
export async function apply(directory: string): Promise<void> {
  await kubectl(['apply', '-f', directory], 120_000);
}

/** `kubectl delete -f`, and waits until all is gone. */
export async function remove(directory: string): Promise<void> {
  await kubectl(['delete', '--ignore-not-found', '-f', directory, '--timeout=180s'], 200_000);
  await rm(directory, { recursive: true, force: true });
}

/** Waits until every pod is Ready and custom metrics are served; returns the milliseconds, and prints what changes. */
export async function untilReady(timeoutMs: number): Promise<number> {
  const startedMs = systemClock.monotonicMs();
  let said = '';
  await until(
    async () => {
      const missing = await whatIsMissing();
      const line = missing.length === 0 ? 'everything is ready' : `waiting for ${missing.join(', ')}`;
      if (line !== said)
        console.log(`  ${((systemClock.monotonicMs() - startedMs) / 1_000).toFixed(1)} s  ${line}`);
      said = line;
      return missing.length === 0;
    },
    { timeoutMs, what: 'everything ready' },
  );
  return systemClock.monotonicMs() - startedMs;
}

async function whatIsMissing(): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const [component, wanted] of Object.entries(WANTED)) {
    const pods = await podsOf(component).catch(() => []);
    const ready = pods.filter(isReady).length;
    if (ready < wanted || ready < pods.length)
      missing.push(`${component} ${ready}/${Math.max(wanted, pods.length)}`);
  }
  const path = 'jsonpath={.status.conditions[?(@.type=="Available")].status}';
  const served = await kubectl(['get', 'apiservice', 'v1beta2.custom.metrics.k8s.io', '-o', path]).catch(
    () => '',
  );
  return served === 'True' ? missing : [...missing, 'custom.metrics.k8s.io'];
}

/** What is wanted of every object, as the API server keeps it: its generation, and its data where it has none. */
export async function desiredState(): Promise<readonly string[]> {
  const objects = await list(KINDS, '-n', NAMESPACE);
  return (
    objects
      // What the controller says about itself is no wish of anybody's.
      .filter(({ metadata }) => metadata.name !== 'kittiwake-status')
      .map(
        ({ kind, metadata, data }) =>
          `${kind}/${metadata.name} ${metadata.uid} ${metadata.generation ?? JSON.stringify(data ?? {})}`,
      )
      .toSorted()
  );
}

/** Everything of ours that the cluster still has, by kind and name. */
export async function leftovers(): Promise<readonly string[]> {
  const clusterWide = await kubectl([
    'get',
    'namespaces,clusterroles,clusterrolebindings,apiservices,validatingadmissionpolicies,validatingadmissionpolicybindings',
    ...OURS,
    '-o',
    'name',
  ]);
  const elsewhere = await kubectl(['get', 'rolebindings,services,pods', '-A', ...OURS, '-o', 'name']);
  return `${clusterWide}\n${elsewhere}`.split('\n').filter(name => name !== '');
}

/** Deletes a pod without any grace; what replaces it is somebody else's. */
export async function forceDelete(pod: string): Promise<void> {
  await inNamespace('delete', 'pod', pod, '--force', '--grace-period=0', '--wait=false');
}
