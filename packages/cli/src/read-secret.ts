import { type Clock, ok, type Result } from '@kittiwake/base';
import { askCluster } from './ask-cluster.ts';
import type { CliProblem } from './cli-problem.ts';

/** Data of a Secret, base64, and the cluster that it is from. */
export type ClusterSecret = { readonly cluster: string; readonly data: { readonly [name: string]: string } };

/** Reads a Secret of the cluster that the kubeconfig points at. Never throws. */
export type ReadSecret = (namespace: string, name: string) => Promise<Result<ClusterSecret, CliProblem>>;

/** Reads Secrets with KUBECONFIG, ~/.kube/config or the pod's own account, whichever is there first. */
export function createReadSecret(clock: Clock): ReadSecret {
  return async (namespace, name) => {
    const wanted = { verb: 'get', kind: 'Secret', namespace, name } as const;
    const secret = await askCluster(clock, wanted, ({ CoreV1Api }, config) =>
      config.makeApiClient(CoreV1Api).readNamespacedSecret({ namespace, name }),
    );
    return secret.ok ? ok({ cluster: secret.value.cluster, data: secret.value.value.data ?? {} }) : secret;
  };
}
