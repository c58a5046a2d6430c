import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { BUILDERS, type Builder, clusterOfContext, type Detected } from './plan.ts';

const TEST_CLUSTER = '../shared/cluster/cluster';

/** Looks at this machine: which builders answer, and what the current context of `kubeconfig` is. */
export function detect(kubeconfig: string | undefined): Detected {
  const testCluster = existsSync(TEST_CLUSTER) ? TEST_CLUSTER : undefined;
  return {
    builders: BUILDERS.filter(answers),
    cluster: clusterOfContext(currentContext(kubeconfig)),
    testCluster,
  };
}

/** docker is a client: it is of use only with a daemon behind it. */
function answers(builder: Builder): boolean {
  const question = builder === 'docker' ? ['info'] : ['version'];
  return spawnSync(builder, question, { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

/** Read from the file itself, so that kubectl need not be installed. */
function currentContext(kubeconfig: string | undefined): string | undefined {
  const files = kubeconfig === undefined ? [join(homedir(), '.kube', 'config')] : kubeconfig.split(':');
  const first = files.find(file => file !== '' && existsSync(file));
  const line =
    first === undefined ? undefined : /^current-context:\s*(.+)$/m.exec(readFileSync(first, 'utf8'));
  return line?.[1]?.replaceAll(/["']/g, '').trim();
}

/** Size of an image in bytes, where the builder knows it. */
export function sizeOf(builder: Builder, tag: string): number | undefined {
  const inspect =
    builder === 'buildah' ? ['images', '--json', tag] : ['image', 'inspect', '--format', '{{.Size}}', tag];
  const storage = builder === 'buildah' ? ['--storage-driver', 'overlay'] : [];
  const run = spawnSync(builder, [...storage, ...inspect], { encoding: 'utf8', timeout: 10_000 });
  if (run.status !== 0) return undefined;
  return builder === 'buildah' ? parseBuildahSize(run.stdout) : Number(run.stdout);
}

/** buildah says it in words: "390 MB". */
function parseBuildahSize(json: string): number | undefined {
  const match = /"size":\s*"([\d.]+) (kB|MB|GB)"/.exec(json);
  const units: { readonly [unit: string]: number } = { kB: 1e3, MB: 1e6, GB: 1e9 };
  return match === null ? undefined : Number(match[1]) * (units[match[2] ?? ''] ?? 1);
}
