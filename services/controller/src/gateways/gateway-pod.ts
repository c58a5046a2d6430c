import { at, listAt, textAt, textsAt } from '../decode/json-view.ts';

/** One gateway's pod, as far as the controller cares. */
export type GatewayPod = {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: ReadonlyMap<string, string>;
  /** `undefined` until the network has been set up. */
  readonly ip: string | undefined;
  readonly state: GatewayState;
  /** `undefined` until it was scheduled. */
  readonly node: string | undefined;
  /** Which template of the Deployment it was made from; `undefined` where no Deployment made it. */
  readonly templateHash: string | undefined;
  /** What `kittiwake.dev/drain` says: somebody wants this gateway to hand its sessions over. */
  readonly drainAskedAt: string | undefined;
  /** What a ReplicaSet goes by when it chooses whom to delete: lowest first, 0 where it was not set. */
  readonly deletionCost: number | undefined;
  /** [R35] Taken out of the Services, until it answers again. */
  readonly isEjected: boolean;
};

/**
 * - `ready`: the kubelet's readiness probe holds.
 * - `not_ready`: starting, cut off from the broker, or failing its probe.
 * - `terminating`: marked for deletion; its connections are being asked to move.
 * - `finished`: its process is gone for good (Succeeded or Failed).
 */
export type GatewayState = 'ready' | 'not_ready' | 'terminating' | 'finished';

/** Asks the controller to have this gateway hand over its sessions; the value is the time at which somebody asked. */
export const DRAIN_ANNOTATION = 'kittiwake.dev/drain';
/** Kubernetes' own: an int32 as text. */
export const DELETION_COST_ANNOTATION = 'controller.kubernetes.io/pod-deletion-cost';
/** Services send nobody to a gateway without `IN_SERVICE.yes`; the template has it, so that nothing depends on a controller. */
export const IN_SERVICE_LABEL = 'kittiwake.dev/in-service';
export const IN_SERVICE = { yes: 'true', no: 'false' } as const;

const TEMPLATE_HASH_LABEL = 'pod-template-hash';

/** Reads a Pod of the API; `undefined` where it has no name or uid, which a real API server never sends. */
export function toGatewayPod(pod: unknown): GatewayPod | undefined {
  const uid = textAt(pod, 'metadata', 'uid');
  const name = textAt(pod, 'metadata', 'name');
  const namespace = textAt(pod, 'metadata', 'namespace');
  if (uid === undefined || name === undefined || namespace === undefined) return undefined;
  const labels = textsAt(pod, 'metadata', 'labels');
  return {
    uid,
    name,
    namespace,
    labels,
    ip: textAt(pod, 'status', 'podIP'),
    state: stateOf(pod),
    node: textAt(pod, 'spec', 'nodeName'),
    templateHash: labels.get(TEMPLATE_HASH_LABEL),
    drainAskedAt: textAt(pod, 'metadata', 'annotations', DRAIN_ANNOTATION),
    deletionCost: integerOf(textAt(pod, 'metadata', 'annotations', DELETION_COST_ANNOTATION)),
    isEjected: labels.get(IN_SERVICE_LABEL) === IN_SERVICE.no,
  };
}

function stateOf(pod: unknown): GatewayState {
  const phase = textAt(pod, 'status', 'phase');
  if (phase === 'Succeeded' || phase === 'Failed') return 'finished';
  if (at(pod, 'metadata', 'deletionTimestamp') !== undefined) return 'terminating';
  const ready = listAt(pod, 'status', 'conditions').find(condition => textAt(condition, 'type') === 'Ready');
  return textAt(ready, 'status') === 'True' ? 'ready' : 'not_ready';
}

function integerOf(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,10}$/.test(text) ? Number(text) : undefined;
}
