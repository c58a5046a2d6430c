import { err, ok, type Result } from '@kittiwake/base';
import { textAt } from '../decode/json-view.ts';
import type { ObservedApiService } from '../reconcile/observed.ts';
import type { KubeClient } from './kube-client.ts';
import type { KubeError } from './kube-error.ts';

const COLLECTION = '/apis/apiregistration.k8s.io/v1/apiservices';

/** Reads an APIService; `undefined` where it was not applied. */
export async function readApiService(
  client: KubeClient,
  name: string,
): Promise<Result<ObservedApiService | undefined, KubeError>> {
  const read = await client.call({ method: 'GET', path: `${COLLECTION}/${name}` });
  if (!read.ok) return read.error.kind === 'not_found' ? ok(undefined) : err(read.error);
  const bundle = textAt(read.value, 'spec', 'caBundle') ?? '';
  return ok({ name, caPem: Buffer.from(bundle, 'base64').toString('utf8') });
}

/** Puts a CA bundle into an APIService and touches nothing else of it. */
export async function trustCa(
  client: KubeClient,
  name: string,
  caPem: string,
): Promise<Result<void, KubeError>> {
  const body = { spec: { caBundle: Buffer.from(caPem).toString('base64') } };
  const patched = await client.call({ method: 'PATCH', path: `${COLLECTION}/${name}`, body });
  return patched.ok ? ok() : err(patched.error);
}
