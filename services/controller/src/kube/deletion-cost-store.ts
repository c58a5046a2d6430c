import type { Result } from '@kittiwake/base';
import { DELETION_COST_ANNOTATION } from '../gateways/gateway-pod.ts';
import type { KubeClient } from './kube-client.ts';
import type { KubeError } from './kube-error.ts';
import { type PodName, patchPod } from './patch-pod.ts';

/** Sets the deletion cost of a pod. */
export function setDeletionCost(
  client: KubeClient,
  pod: PodName,
  cost: number,
): Promise<Result<void, KubeError>> {
  return patchPod(client, pod, { annotations: { [DELETION_COST_ANNOTATION]: String(cost) } });
}
