import { type Clock, delay, err, ok, type Result } from '@kittiwake/base';
import type { CliProblem } from './cli-problem.ts';

/** Data of a Secret, base64, and the cluster that it is from. */
export type ClusterSecret = { readonly cluster: string; readonly data: { readonly [name: string]: string } };

/** Reads a Secret of the cluster that the kubeconfig points at. Never throws. */
export type ReadSecret = (namespace: string, name: string) => Promise<Result<ClusterSecret, CliProblem>>;

const TIMEOUT_MS = 5_000;
const REASON_MAX = 200;

/** What the client library falls back to where it finds no kubeconfig. */
const NO_CLUSTER = 'http://localhost:8080';
const NO_KUBECONFIG: CliProblem = {
  message: 'There is no kubeconfig that names a cluster.',
  next: 'Set KUBECONFIG to the file of your cluster.',
};

/** Reads Secrets with KUBECONFIG, ~/.kube/config or the pod's own account, whichever is there first. */
export function createReadSecret(clock: Clock): ReadSecret {
  return async (namespace, name) => {
    const timeout = delay(clock, TIMEOUT_MS).then(() =>
      err(unreachable(`no answer in ${TIMEOUT_MS / 1_000} s`)),
    );
    return Promise.race([read(namespace, name), timeout]);
  };
}

async function read(namespace: string, name: string): Promise<Result<ClusterSecret, CliProblem>> {
  // Loaded here because it takes longer than everything else, and the development issuer does not need it.
  const { CoreV1Api, KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    config.loadFromDefault();
  } catch (error) {
    return err({
      message: `Your kubeconfig cannot be read: ${reasonOf(error)}.`,
      next: NO_KUBECONFIG.next,
    });
  }
  const server = config.getCurrentCluster()?.server;
  if (server === undefined || server === NO_CLUSTER) return err(NO_KUBECONFIG);
  try {
    const secret = await config.makeApiClient(CoreV1Api).readNamespacedSecret({ namespace, name });
    return ok({ cluster: config.getCurrentContext(), data: secret.data ?? {} });
  } catch (error) {
    return err(toProblem(error, { namespace, name, server }));
  }
}

function toProblem(
  error: unknown,
  { namespace, name, server }: { namespace: string; name: string; server: string },
): CliProblem {
  const code = fieldOf(error, 'code');
  if (code === 404) {
    return {
      message: `The cluster has no Secret ${name} in namespace ${namespace}.`,
      next: 'Deploy first: kubectl apply -f dist/ (or name another --namespace).',
    };
  }
  if (code === 401 || code === 403) {
    return {
      message: `You may not read Secret ${name} in namespace ${namespace}.`,
      next: `Ask for it: kubectl auth can-i get secret/${name} -n ${namespace}`,
    };
  }
  return unreachable(`${server}: ${reasonOf(error)}`);
}

/** The system's code where there is one, else the first line; "fetch failed" says nothing, its cause does. */
function reasonOf(error: unknown): string {
  const reason = fieldOf(error, 'cause') ?? error;
  const code = fieldOf(reason, 'code');
  const path = fieldOf(reason, 'path');
  if (typeof code === 'string') return typeof path === 'string' ? `${path}: ${code}` : code;
  const [line = ''] = reason instanceof Error ? reason.message.split('\n') : [];
  return line === '' ? 'unknown reason' : line.slice(0, REASON_MAX);
}

function fieldOf(value: unknown, name: 'code' | 'path' | 'cause'): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function unreachable(reason: string): CliProblem {
  return {
    message: `The cluster of your kubeconfig cannot be reached: ${reason}.`,
    next: 'Check it: kubectl get nodes.',
  };
}
