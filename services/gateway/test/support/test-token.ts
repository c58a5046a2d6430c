import type { Clock } from '@kittiwake/base';
import { SignJWT } from 'jose';
import type { Verb } from '../../src/auth/identity.ts';

/** The key that test gateways accept. */
export const TEST_SIGNING_KEY = 'a signing key for tests only, long enough';

/** What a test token says; everything is granted where `grants` is absent. */
export type TokenOptions = {
  readonly grants?: { readonly [V in Verb]?: readonly string[] };
  readonly ttlSeconds?: number;
  readonly key?: string;
};

const TTL_SECONDS = 3_600;
const ALL = { join: ['**'], publish: ['**'], presence: ['**'], history: ['**'] };

/** Signs a token for `user`, issued at this moment of `clock`. */
export function tokenFor(clock: Clock, user: string, options: TokenOptions = {}): Promise<string> {
  const nowSeconds = Math.floor(clock.nowMs() / 1_000);
  return new SignJWT({ kw: options.grants ?? ALL })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user)
    .setIssuer('kittiwake')
    .setAudience('kittiwake')
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + (options.ttlSeconds ?? TTL_SECONDS))
    .sign(new TextEncoder().encode(options.key ?? TEST_SIGNING_KEY));
}
