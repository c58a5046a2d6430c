import type { Result } from '@kittiwake/base';
import { IN_SERVICE, IN_SERVICE_LABEL } from '../gateways/gateway-pod.ts';
import type { KubeClient } from './kube-client.ts';
import type { KubeError } from './kube-error.ts';
import { type PodName, patchPod } from './patch-pod.ts';

/** Says whether Services send anybody to a pod. */
export function setInService(
  client: KubeClient,
  pod: PodName,
  inService: boolean,
): Promise<Result<void, KubeError>> {
  return patchPod(client, pod, {
    labels: { [IN_SERVICE_LABEL]: inService ? IN_SERVICE.yes : IN_SERVICE.no },
  });
}
