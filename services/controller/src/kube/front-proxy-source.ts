import { err, ok, type Result } from '@kittiwake/base';
import { type FrontProxy, toFrontProxy } from '../metrics-api/front-proxy.ts';
import type { KubeClient } from './kube-client.ts';

/** Reads how the API server proves itself; every cluster with aggregation has this ConfigMap. */
export async function readFrontProxy(client: KubeClient): Promise<Result<FrontProxy, string>> {
  const path = '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication';
  const read = await client.call({ method: 'GET', path });
  if (!read.ok) return err(read.error.message);
  const proxy = toFrontProxy(read.value);
  return proxy === undefined ? err('the API server has no request header CA: aggregation is off') : ok(proxy);
}
