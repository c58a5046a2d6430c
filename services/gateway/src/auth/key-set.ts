import { err, ok, type Result } from '@kittiwake/base';
import { importJWK, type JWK } from 'jose';
import type { JwksAlgorithm } from '../config/gateway-config.ts';

/** One public key, pinned to one algorithm. */
export type PinnedKey = {
  readonly algorithm: JwksAlgorithm;
  readonly kid: string | undefined;
  readonly key: CryptoKey;
};

/** Keys of one set. */
const KEYS_MAX = 64;
/** Keys that one token is tried with. */
const CANDIDATES_MAX = 4;

/**
 * Reads a key set (RFC 7517). A key that is symmetric, for encryption, of another type or broken is left out; a set that
 * then has none is an error. What a key's type says is its algorithm, whatever tokens claim (SPEC A1).
 */
export async function readKeySet(
  text: string,
  allowed: readonly JwksAlgorithm[],
): Promise<Result<readonly PinnedKey[], string>> {
  const keys = parseKeys(text);
  if (keys === undefined) return err('not a key set');
  if (keys.length > KEYS_MAX) return err(`more than ${KEYS_MAX} keys`);
  const pinned = await Promise.all(keys.map(key => pinKey(key, allowed)));
  const usable = pinned.filter(key => key !== undefined);
  return usable.length > 0 ? ok(usable) : err('no key that can be used');
}

/** The keys that a token of this algorithm and `kid` may have been signed with. */
export function selectKeys(
  keys: readonly PinnedKey[],
  algorithm: string,
  kid: string | undefined,
): readonly CryptoKey[] {
  const candidates = keys.filter(
    key => key.algorithm === algorithm && (kid === undefined || key.kid === kid),
  );
  return candidates.slice(0, CANDIDATES_MAX).map(({ key }) => key);
}

async function pinKey(jwk: JWK, allowed: readonly JwksAlgorithm[]): Promise<PinnedKey | undefined> {
  const algorithm = algorithmOfKey(jwk);
  if (algorithm === undefined || !allowed.includes(algorithm)) return undefined;
  if (jwk.use !== undefined && jwk.use !== 'sig') return undefined;
  if (jwk.key_ops !== undefined && !(Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify')))
    return undefined;
  try {
    const key = await importJWK(publicPart(jwk), algorithm);
    return key instanceof Uint8Array
      ? undefined
      : { algorithm, kid: typeof jwk.kid === 'string' ? jwk.kid : undefined, key };
  } catch {
    return undefined;
  }
}

function algorithmOfKey(jwk: JWK): JwksAlgorithm | undefined {
  const byType =
    jwk.kty === 'RSA'
      ? 'RS256'
      : jwk.kty === 'EC' && jwk.crv === 'P-256'
        ? 'ES256'
        : jwk.kty === 'OKP' && jwk.crv === 'Ed25519'
          ? 'EdDSA'
          : undefined;
  const named = jwk.alg === 'Ed25519' ? 'EdDSA' : jwk.alg;
  return named === undefined || named === byType ? byType : undefined;
}

/** Only what a public key consists of: a private key that was published by mistake is still only verified with. */
function publicPart({ kty, crv, x, y, n, e }: JWK): JWK {
  const fields = { kty, crv, x, y, n, e };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JWK;
}

function parseKeys(text: string): readonly JWK[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const keys = typeof value === 'object' && value !== null && 'keys' in value ? value.keys : undefined;
    return Array.isArray(keys) ? keys.filter(isObject) : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JWK {
  return typeof value === 'object' && value !== null;
}
