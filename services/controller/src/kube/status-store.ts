import { err, ok, type Result } from '@kittiwake/base';
import { textAt } from '../decode/json-view.ts';
import type { KubeClient } from './kube-client.ts';
import type { KubeError } from './kube-error.ts';
import { ownLabels } from './own-labels.ts';

/** The ConfigMap that says how the gateways are. */
export const STATUS_CONFIG_MAP = 'kittiwake-status';
const KEY = 'status.json';

/** Reads and writes its text. */
export type StatusStore = {
  /** Empty where there is none. */
  read(): Promise<Result<string, KubeError>>;
  write(text: string): Promise<Result<void, KubeError>>;
};

export function createStatusStore(client: KubeClient, namespace: string): StatusStore {
  const collection = `/api/v1/namespaces/${namespace}/configmaps`;
  const path = `${collection}/${STATUS_CONFIG_MAP}`;
  return {
    async read() {
      const read = await client.call({ method: 'GET', path });
      if (read.ok) return ok(textAt(read.value, 'data', KEY) ?? '');
      return read.error.kind === 'not_found' ? ok('') : err(read.error);
    },
    async write(text) {
      const data = { [KEY]: text };
      const patched = await client.call({ method: 'PATCH', path, body: { data } });
      if (patched.ok) return ok();
      if (patched.error.kind !== 'not_found') return err(patched.error);
      const metadata = { name: STATUS_CONFIG_MAP, namespace, labels: ownLabels() };
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
      const made = await client.call({ method: 'POST', path: collection, body });
      return made.ok ? ok() : err(made.error);
    },
  };
}
