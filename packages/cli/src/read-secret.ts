import { type Clock, delay, err, ok, type Result } from '@kittiwake/base';
import type { CliProblem } from './cli-problem.ts';

/** Data of a Secret, base64, and the cluster that it is from. */
export type ClusterSecret = { readonly cluster: string; readonly data: { readonly [name: string]: string } };

/** Reads a Secret of the cluster that the kubeconfig points at. Never throws. */
export type ReadSecret = (namespace: string, name: string) => Promise<Result<ClusterSecret, CliProblem>>;

const TIMEOUT_MS = 5_000;

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
  try {
    // Loaded here because it takes longer than everything else, and the development issuer does not need it.
    const { CoreV1Api, KubeConfig } = await import('@kubernetes/client-node');
    const config = new KubeConfig();
    config.loadFromDefault();
    if (config.getCurrentCluster()?.server === NO_CLUSTER) return err(NO_KUBECONFIG);
    const secret = await config.makeApiClient(CoreV1Api).readNamespacedSecret({ namespace, name });
    return ok({ cluster: config.getCurrentContext(), data: secret.data ?? {} });
  } catch (error) {
    return err(toProblem(error, namespace, name));
  }
}

function toProblem(error: unknown, namespace: string, name: string): CliProblem {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
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
  return unreachable(
    typeof code === 'string' ? code : error instanceof Error ? error.message.slice(0, 200) : 'unknown reason',
  );
}

function unreachable(reason: string): CliProblem {
  return {
    message: `The cluster of your kubeconfig cannot be reached: ${reason}.`,
    next: 'Check it: kubectl get nodes.',
  };
}
