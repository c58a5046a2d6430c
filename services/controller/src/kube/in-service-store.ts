import { err, ok, type Result } from '@kittiwake/base';
import { IN_SERVICE, IN_SERVICE_LABEL } from '../gateways/gateway-pod.ts';
import type { KubeClient } from './kube-client.ts';
import type { KubeError } from './kube-error.ts';

/** Says whether Services send anybody to a pod, and touches nothing else of it. A pod that is gone needs no saying. */
export async function setInService(
  client: KubeClient,
  pod: { readonly namespace: string; readonly name: string },
  inService: boolean,
): Promise<Result<void, KubeError>> {
  const path = `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}`;
  const body = { metadata: { labels: { [IN_SERVICE_LABEL]: inService ? IN_SERVICE.yes : IN_SERVICE.no } } };
  const patched = await client.call({ method: 'PATCH', path, body });
  return patched.ok || patched.error.kind === 'not_found' ? ok() : err(patched.error);
}
