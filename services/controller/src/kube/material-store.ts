import { err, ok, type Result } from '@kittiwake/base';
import type { ServingMaterial } from '../certificates/serving-material.ts';
import { textAt, textsAt } from '../decode/json-view.ts';
import type { StoredMaterial } from '../reconcile/observed.ts';
import type { KubeClient } from './kube-client.ts';
import type { KubeError } from './kube-error.ts';
import { ownLabels } from './own-labels.ts';

/** The Secret that every replica serves from. */
export const MATERIAL_SECRET = 'kittiwake-controller-tls';

const KEYS = { caPem: 'ca.crt', caKeyPem: 'ca.key', certPem: 'tls.crt', keyPem: 'tls.key' } as const;

/** Reads and writes the serving material. */
export type MaterialStore = {
  read(): Promise<Result<StoredMaterial, KubeError>>;
  /** [R6] Creates the Secret, or replaces exactly the version that was observed; whoever comes second gets `conflict`. */
  write(material: ServingMaterial, over: StoredMaterial): Promise<Result<void, KubeError>>;
};

export function createMaterialStore(client: KubeClient, namespace: string): MaterialStore {
  const collection = `/api/v1/namespaces/${namespace}/secrets`;
  return {
    async read() {
      const read = await client.call({ method: 'GET', path: `${collection}/${MATERIAL_SECRET}` });
      if (read.ok) return ok(toStored(read.value));
      return read.error.kind === 'not_found' ? ok({ kind: 'absent' }) : err(read.error);
    },
    async write(material, over) {
      const body = toSecret(namespace, material, over.kind === 'absent' ? undefined : over.version);
      const written =
        over.kind === 'absent'
          ? await client.call({ method: 'POST', path: collection, body })
          : await client.call({ method: 'PUT', path: `${collection}/${MATERIAL_SECRET}`, body });
      return written.ok ? ok() : err(written.error);
    },
  };
}

function toSecret(
  namespace: string,
  material: ServingMaterial,
  resourceVersion: string | undefined,
): unknown {
  const data = Object.fromEntries(
    Object.entries(KEYS).map(([member, key]) => [
      key,
      Buffer.from(material[member as keyof typeof KEYS]).toString('base64'),
    ]),
  );
  const metadata = { name: MATERIAL_SECRET, namespace, labels: ownLabels(), resourceVersion };
  return { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata, data };
}

function toStored(secret: unknown): StoredMaterial {
  const version = textAt(secret, 'metadata', 'resourceVersion') ?? '';
  const data = textsAt(secret, 'data');
  const text = (key: string): string => Buffer.from(data.get(key) ?? '', 'base64').toString('utf8');
  const material = {
    caPem: text(KEYS.caPem),
    caKeyPem: text(KEYS.caKeyPem),
    certPem: text(KEYS.certPem),
    keyPem: text(KEYS.keyPem),
  };
  const isWhole = Object.values(material).every(part => part !== '');
  return isWhole ? { kind: 'present', version, material } : { kind: 'unreadable', version };
}
