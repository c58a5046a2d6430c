import { type Clock, err, ok, type Result } from '@kittiwake/base';
import { compactVerify } from 'jose';
import type { AuthConfig, Hs256Keys } from '../config/gateway-config.ts';
import { type Algorithm, HEADER_NAMES } from './algorithms.ts';
import type { Identity } from './identity.ts';
import { IdentityCache } from './identity-cache.ts';
import type { KeySource } from './key-source.ts';
import { readTokenClaims } from './token-claims.ts';
import { readTokenHeader, type TokenHeader } from './token-header.ts';
import type { AuthFailure, TokenVerifier } from './token-verifier.ts';

/** What a verifier needs. */
export type JwtVerifierOptions = {
  readonly auth: AuthConfig;
  readonly clock: Clock;
  /** Public keys, where `auth.jwks` is set. */
  readonly publicKeys?: KeySource;
  /** Verified tokens that are remembered; default 10,000, about 6 MB. */
  readonly cachedTokensMax?: number;
};

/** Verifies tokens with keys whose algorithm is pinned: the header chooses among them and decides nothing (SPEC A1–A4). */
export class JwtVerifier implements TokenVerifier {
  readonly #options: JwtVerifierOptions;
  readonly #cache: IdentityCache;
  #secrets: readonly CryptoKey[] = [];
  #rotations = 0;

  constructor(options: JwtVerifierOptions) {
    this.#options = options;
    this.#cache = new IdentityCache(options.cachedTokensMax ?? 10_000);
  }

  /** Prepares the configured signing keys; before it nothing verifies. */
  async start(): Promise<void> {
    const { hs256 } = this.#options.auth;
    if (hs256 !== undefined) await this.rotate(hs256);
  }

  /** Takes new HS256 keys from now on; tokens of keys that are neither current nor previous are refused (SPEC A3). */
  async rotate(keys: Hs256Keys): Promise<void> {
    const secrets = [keys.current, ...(keys.previous === undefined ? [] : [keys.previous])];
    const imported = await Promise.all(secrets.map(importSecret));
    this.#secrets = imported;
    this.#rotations += 1;
  }

  async verify(token: string): Promise<Result<Identity, AuthFailure>> {
    const header = readTokenHeader(token);
    if (!header.ok) return refuse(header.error);
    // The generation of before the awaits: keys that went away meanwhile must not leave a remembered token behind.
    const generation = this.#generation();
    const known = this.#cache.get(token, generation);
    if (known !== undefined) return this.#unlessExpired(known);
    const payload = await this.#verifySignature(token, header.value);
    if (payload === undefined) return refuse('no key verifies the signature');
    const identity = readTokenClaims(parseJson(payload), this.#options.auth, this.#options.clock.nowMs());
    if (identity.ok && generation === this.#generation()) this.#cache.set(token, identity.value, generation);
    return identity;
  }

  async #verifySignature(token: string, header: TokenHeader): Promise<Uint8Array | undefined> {
    const algorithms = [...HEADER_NAMES[header.algorithm]];
    for (const key of await this.#keysFor(header.algorithm, header.kid)) {
      try {
        return (await compactVerify(token, key, { algorithms })).payload;
      } catch {
        // Not this key; the next one may be the previous secret.
      }
    }
    return undefined;
  }

  async #keysFor(algorithm: Algorithm, kid: string | undefined): Promise<readonly CryptoKey[]> {
    if (algorithm === 'HS256') return this.#secrets;
    return (await this.#options.publicKeys?.find(algorithm, kid)) ?? [];
  }

  #generation(): number {
    return this.#rotations * 2 ** 26 + (this.#options.publicKeys?.generation() ?? 0);
  }

  #unlessExpired(identity: Identity): Result<Identity, AuthFailure> {
    if (identity.expiresAtMs > this.#options.clock.nowMs()) return ok(identity);
    return err({ kind: 'token_expired', message: 'past its expiry' });
  }
}

function importSecret(secret: string): Promise<CryptoKey> {
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  return crypto.subtle.importKey('raw', new TextEncoder().encode(secret), hmac, false, ['verify']);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function refuse(message: string): Result<never, AuthFailure> {
  return err({ kind: 'unauthenticated', message });
}
