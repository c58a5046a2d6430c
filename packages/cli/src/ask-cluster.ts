import { type Clock, delay, err, ok, type Result } from '@kittiwake/base';
import type { KubeConfig } from '@kubernetes/client-node';
import type { CliProblem } from './cli-problem.ts';

/** What is asked of the cluster: for messages, and for `kubectl auth can-i`. */
export type Wanted = {
  readonly verb: 'get' | 'patch';
  /** As people write it, and as the API does. */
  readonly kind: 'Secret' | 'ConfigMap' | 'Lease' | 'Pod' | 'Deployment';
  readonly namespace: string;
  readonly name: string;
  /** What to do where it is not there. */
  readonly nextIfAbsent?: string;
};

/** An answer, and the cluster that it is from. */
export type Asked<T> = { readonly cluster: string; readonly value: T };

const TIMEOUT_MS = 5_000;
const REASON_MAX = 200;

/** What the client library falls back to where it finds no kubeconfig. */
const NO_CLUSTER = 'http://localhost:8080';
const NO_KUBECONFIG: CliProblem = {
  message: 'There is no kubeconfig that names a cluster.',
  next: 'Set KUBECONFIG to the file of your cluster.',
};

/**
 * Asks the cluster of KUBECONFIG, ~/.kube/config or the pod's own account, whichever is there first. Never throws, and waits 5 s for an
 * answer. `call` is given the client library, which is loaded here because that takes longer than everything else.
 */
export async function askCluster<T>(
  clock: Clock,
  wanted: Wanted,
  call: (library: typeof import('@kubernetes/client-node'), config: KubeConfig) => Promise<T>,
): Promise<Result<Asked<T>, CliProblem>> {
  // Not the cluster's fault, however long it takes.
  const library = await import('@kubernetes/client-node');
  const timeout = delay(clock, TIMEOUT_MS).then(() =>
    err(unreachable(`no answer in ${TIMEOUT_MS / 1_000} s`)),
  );
  return Promise.race([ask(library, wanted, call), timeout]);
}

async function ask<T>(
  library: typeof import('@kubernetes/client-node'),
  wanted: Wanted,
  call: Parameters<typeof askCluster<T>>[2],
): Promise<Result<Asked<T>, CliProblem>> {
  const config = new library.KubeConfig();
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
    return ok({ cluster: config.getCurrentContext(), value: await call(library, config) });
  } catch (error) {
    return err(toProblem(error, wanted, server));
  }
}

function toProblem(error: unknown, wanted: Wanted, server: string): CliProblem {
  const { verb, kind, namespace, name } = wanted;
  const code = fieldOf(error, 'code');
  if (code === 404) {
    return {
      message: `The cluster has no ${kind} ${name} in namespace ${namespace}.`,
      next: wanted.nextIfAbsent ?? 'Deploy first: kubectl apply -f dist/ (or name another --namespace).',
    };
  }
  if (code === 401 || code === 403) {
    return {
      message: `You may not ${verb === 'get' ? 'read' : 'change'} ${kind} ${name} in namespace ${namespace}.`,
      next: `Ask for it: kubectl auth can-i ${verb} ${kind.toLowerCase()}/${name} -n ${namespace}`,
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
