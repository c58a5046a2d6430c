import { err, ok, type Result } from '@kittiwake/base';
import type { CliProblem } from './cli-problem.ts';
import type { ReadSecret } from './read-secret.ts';
import { type Signer, signToken } from './sign-token.ts';
import type { TokenSource } from './token-source.ts';

/** Secret that the bootstrap Job makes, and its key. */
export const SIGNING_SECRET = 'kittiwake-signing-keys';
const CURRENT = 'current';

/** What signing with a cluster's key needs. */
export type ClusterSourceOptions = Omit<Signer, 'key'> & {
  readonly namespace: string;
  readonly readSecret: ReadSecret;
};

/** Signs with the current key of the cluster that the kubeconfig points at. */
export function createClusterSource(options: ClusterSourceOptions): TokenSource {
  return {
    async issue(request) {
      const secret = await options.readSecret(options.namespace, SIGNING_SECRET);
      if (!secret.ok) return secret;
      const key = readKey(secret.value.data, options.namespace);
      if (!key.ok) return key;
      const token = await signToken(request, { ...options, key: key.value });
      return ok({ token, from: `cluster ${secret.value.cluster}, namespace ${options.namespace}` });
    },
  };
}

function readKey(data: { readonly [name: string]: string }, namespace: string): Result<string, CliProblem> {
  const encoded = data[CURRENT];
  // Gateways read the same bytes from a file, less the newline at its end.
  const key = Buffer.from(encoded ?? '', 'base64')
    .toString('utf8')
    .replace(/[\r\n]+$/, '');
  if (Buffer.byteLength(key) >= 32) return ok(key);
  return err({
    message: `Secret ${SIGNING_SECRET} has no usable key "${CURRENT}".`,
    next: `Look at it: kubectl -n ${namespace} get secret ${SIGNING_SECRET} -o yaml`,
  });
}
