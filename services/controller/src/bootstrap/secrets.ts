import type { Random } from '@kittiwake/base';
import { issueCertificate } from '../certificates/certificate.ts';

/** A Secret to be made; `data` is plain text, the API takes it as `stringData`. */
export type NewSecret = {
  readonly name: string;
  readonly type: 'Opaque' | 'kubernetes.io/tls';
  readonly data: Readonly<Record<string, string>>;
};

/** What the contents are made from. */
export type SecretSources = {
  readonly random: Random;
  readonly nowMs: number;
  readonly tlsHosts: readonly string[];
};

/** Names of the Secrets, in the order in which they are made. */
export const SECRET_NAMES = [
  'kittiwake-signing-keys',
  'kittiwake-api-key',
  'kittiwake-operations-key',
  'kittiwake-redis',
  'kittiwake-tls',
] as const;

/** Name of one of them. */
export type SecretName = (typeof SECRET_NAMES)[number];

const DAY_MS = 86_400_000;
/** What browsers accept at most of a certificate that a user installs (Apple: "Requirements for trusted certificates"). */
const TLS_LIFETIME_MS = 825 * DAY_MS;

/** Makes the contents of a Secret; nothing is ever logged of them. */
export async function makeSecret(name: SecretName, sources: SecretSources): Promise<NewSecret> {
  const { random } = sources;
  switch (name) {
    case 'kittiwake-signing-keys':
      return { name, type: 'Opaque', data: { current: token(random, 48) } };
    case 'kittiwake-api-key':
      return { name, type: 'Opaque', data: { 'api-key': token(random, 32) } };
    case 'kittiwake-operations-key':
      return { name, type: 'Opaque', data: { 'operations-key': token(random, 32) } };
    case 'kittiwake-redis': {
      const users = ['gateway-password', 'replication-password', 'sentinel-password'];
      return { name, type: 'Opaque', data: Object.fromEntries(users.map(user => [user, token(random, 32)])) };
    }
    case 'kittiwake-tls':
      return { name, type: 'kubernetes.io/tls', data: await selfSigned(sources) };
  }
}

async function selfSigned({
  random,
  nowMs,
  tlsHosts,
}: SecretSources): Promise<Readonly<Record<string, string>>> {
  const pair = await issueCertificate({
    purpose: 'server',
    commonName: tlsHosts[0] ?? 'kittiwake',
    hosts: tlsHosts,
    validity: { notBeforeMs: nowMs - DAY_MS, notAfterMs: nowMs - DAY_MS + TLS_LIFETIME_MS },
    serial: Buffer.from(random.hex(15), 'hex'),
    issuer: undefined,
  });
  return { 'tls.crt': pair.certPem, 'tls.key': pair.keyPem };
}

/** `bytes` random bytes as base64url, which needs no escaping in files, URLs and Redis' ACL. */
function token(random: Random, bytes: number): string {
  return Buffer.from(random.hex(bytes), 'hex').toString('base64url');
}
