import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import type { Clock } from '@kittiwake/base';
import type { AccessConfig } from '../config/access-config.ts';

/** Where the API server is, and what proves who we are. */
export type ClusterAccess = {
  readonly server: URL;
  readonly tls: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'servername'>;
  /** Headers of a request sent now; tokens are read anew from time to time. */
  headers(): Promise<Readonly<Record<string, string>>>;
};

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
/** The kubelet renews a projected token long before it ends; client-go reads it once a minute too. */
const TOKEN_AGE_MAX_MS = 60_000;

/** Makes the access that the configuration asks for. Rejects where files are missing: without them nothing can work. */
export function openAccess(config: AccessConfig, clock: Clock): Promise<ClusterAccess> {
  return config.kind === 'in-cluster' ? inCluster(config, clock) : fromKubeconfig();
}

async function inCluster(
  config: { readonly host: string; readonly port: number },
  clock: Clock,
): Promise<ClusterAccess> {
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const ca = await readFile(`${ACCOUNT}/ca.crt`, 'utf8');
  let token = '';
  let readAtMs = Number.NEGATIVE_INFINITY;
  return {
    server: new URL(`https://${host}:${config.port}`),
    tls: { ca },
    async headers() {
      if (clock.monotonicMs() - readAtMs > TOKEN_AGE_MAX_MS) {
        token = (await readFile(`${ACCOUNT}/token`, 'utf8')).trim();
        readAtMs = clock.monotonicMs();
      }
      return { authorization: `Bearer ${token}` };
    },
  };
}

/** For developers and tests only: the library costs 130 MB and a second, so a pod never loads it (ADR-0025). */
async function fromKubeconfig(): Promise<ClusterAccess> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromDefault();
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name] = String(value);
  const { ca, cert, key, rejectUnauthorized, servername } = options;
  const tls = Object.fromEntries(
    Object.entries({ ca, cert, key, rejectUnauthorized, servername }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  return { server: new URL(config.getCurrentCluster()?.server ?? ''), tls, headers: async () => headers };
}
