import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** Where everything of Kittiwake is. */
export const NAMESPACE = 'kittiwake';

/** Why the suite is skipped, if so: it needs `kubectl` and a cluster that answers. */
export const SKIP: string | false = whyNot();

/** A Kubernetes object as the suite looks at it. */
export type KubeObject = {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly generation?: number;
    readonly resourceVersion?: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec?: { readonly clusterIP?: string; readonly nodeName?: string };
  readonly data?: { readonly [key: string]: string };
  readonly status?: {
    readonly phase?: string;
    readonly succeeded?: number;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
};

/** Runs `kubectl` with KUBECONFIG as it is, and returns what it prints; rejects with its complaint. */
export async function kubectl(args: readonly string[], timeoutMs = 60_000): Promise<string> {
  const { stdout } = await run('kubectl', [...args], { timeout: timeoutMs, maxBuffer: OUTPUT_BYTES_MAX });
  return stdout.trim();
}

/** Runs `kubectl` in our namespace. */
export function inNamespace(...args: readonly string[]): Promise<string> {
  return kubectl(['-n', NAMESPACE, ...args]);
}

/** The objects that `kubectl get …` finds. */
export async function list(...args: readonly string[]): Promise<readonly KubeObject[]> {
  const { items } = JSON.parse(await kubectl(['get', ...args, '-o', 'json']));
  return items;
}

/** Pods of a component that are not on their way out. */
export async function podsOf(component: string): Promise<readonly KubeObject[]> {
  const pods = await list('pods', '-n', NAMESPACE, '-l', `app.kubernetes.io/component=${component}`);
  return pods.filter(pod => pod.metadata.deletionTimestamp === undefined);
}

/** Whether a pod takes traffic. */
export function isReady(pod: KubeObject): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

function whyNot(): string | false {
  const asked = spawnSync('kubectl', ['get', '--raw', '/readyz'], { encoding: 'utf8', timeout: 10_000 });
  if (asked.error !== undefined) return 'kubectl is not installed';
  return asked.status === 0 ? false : 'no cluster answers at KUBECONFIG';
}
