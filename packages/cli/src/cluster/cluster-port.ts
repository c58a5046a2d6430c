import { type Clock, ok, type Result } from '@kittiwake/base';
import { type Asked, askCluster } from '../ask-cluster.ts';
import type { CliProblem } from '../cli-problem.ts';

/** Who leads, and when that was last renewed (wall-clock milliseconds). */
export type Leader = { readonly holder: string; readonly renewedAtMs: number };

/** What these commands touch of a cluster. Never throws. */
export type ClusterPort = {
  /** The text that the controller wrote. */
  readStatus(namespace: string): Promise<Result<Asked<string>, CliProblem>>;
  readLeader(namespace: string): Promise<Result<Leader | undefined, CliProblem>>;
  annotate(
    target: Annotated,
    annotations: { readonly [name: string]: string },
  ): Promise<Result<void, CliProblem>>;
};

/** What gets an annotation. */
export type Annotated = {
  readonly kind: 'Pod' | 'Deployment';
  readonly namespace: string;
  readonly name: string;
};

const STATUS = 'kittiwake-status';
const LEASE = 'kittiwake-controller';
const NO_STATUS =
  'Is the controller running? kubectl get pods -l app.kubernetes.io/component=controller -A (or name another --namespace).';

/** The cluster that the kubeconfig points at. */
export function createClusterPort(clock: Clock): ClusterPort {
  return {
    async readStatus(namespace) {
      const wanted = {
        verb: 'get',
        kind: 'ConfigMap',
        namespace,
        name: STATUS,
        nextIfAbsent: NO_STATUS,
      } as const;
      const read = await askCluster(clock, wanted, ({ CoreV1Api }, config) =>
        config.makeApiClient(CoreV1Api).readNamespacedConfigMap({ namespace, name: STATUS }),
      );
      return read.ok ? ok({ ...read.value, value: read.value.value.data?.['status.json'] ?? '' }) : read;
    },
    async readLeader(namespace) {
      const wanted = { verb: 'get', kind: 'Lease', namespace, name: LEASE, nextIfAbsent: NO_STATUS } as const;
      const read = await askCluster(clock, wanted, ({ CoordinationV1Api }, config) =>
        config.makeApiClient(CoordinationV1Api).readNamespacedLease({ namespace, name: LEASE }),
      );
      if (!read.ok) return read;
      const { holderIdentity, renewTime } = read.value.value.spec ?? {};
      // A MicroTime, which the library leaves as the text that it is.
      const renewedAtMs = Date.parse(String(renewTime));
      if (!holderIdentity || Number.isNaN(renewedAtMs)) return ok(undefined);
      // The identity is the pod's name and a few letters for its process.
      return ok({ holder: holderIdentity.replace(/_[0-9a-f]+$/, ''), renewedAtMs });
    },
    annotate: (target, annotations) => annotate(clock, target, annotations),
  };
}

async function annotate(
  clock: Clock,
  { kind, namespace, name }: Annotated,
  annotations: { readonly [name: string]: string },
): Promise<Result<void, CliProblem>> {
  const wanted = {
    verb: 'patch',
    kind,
    namespace,
    name,
    nextIfAbsent: 'See them: npx kittiwake status.',
  } as const;
  const patched = await askCluster(clock, wanted, async (library, config) => {
    const { AppsV1Api, CoreV1Api, PatchStrategy, setHeaderOptions } = library;
    const patch = { namespace, name, body: { metadata: { annotations } } };
    const options = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
    if (kind === 'Pod') await config.makeApiClient(CoreV1Api).patchNamespacedPod(patch, options);
    else await config.makeApiClient(AppsV1Api).patchNamespacedDeployment(patch, options);
  });
  return patched.ok ? ok() : patched;
}
