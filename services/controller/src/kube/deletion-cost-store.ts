import { err, ok, type Result } from '@kittiwake/base';
import { DELETION_COST_ANNOTATION } from '../gateways/gateway-pod.ts';
import type { KubeClient } from './kube-client.ts';
import type { KubeError } from './kube-error.ts';

/** Sets the deletion cost of a pod and touches nothing else of it. A pod that is gone needs none. */
export async function setDeletionCost(
  client: KubeClient,
  pod: { readonly namespace: string; readonly name: string },
  cost: number,
): Promise<Result<void, KubeError>> {
  const path = `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}`;
  const body = { metadata: { annotations: { [DELETION_COST_ANNOTATION]: String(cost) } } };
  const patched = await client.call({ method: 'PATCH', path, body });
  return patched.ok || patched.error.kind === 'not_found' ? ok() : err(patched.error);
}
