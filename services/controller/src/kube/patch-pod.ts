import { err, ok, type Result } from '@kittiwake/base';
import type { KubeClient } from './kube-client.ts';
import type { KubeError } from './kube-error.ts';

/** A pod by its name. */
export type PodName = { readonly namespace: string; readonly name: string };

/** Sets these members of a pod's metadata and touches nothing else of it. A pod that is gone needs none. */
export async function patchPod(
  client: KubeClient,
  { namespace, name }: PodName,
  metadata: { readonly [member in 'annotations' | 'labels']?: { readonly [key: string]: string } },
): Promise<Result<void, KubeError>> {
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
  const patched = await client.call({ method: 'PATCH', path, body: { metadata } });
  return patched.ok || patched.error.kind === 'not_found' ? ok() : err(patched.error);
}
