import type { Clock, Random } from '@kittiwake/base';
import { SignJWT } from 'jose';
import type { TokenRequest } from './token-request.ts';

/** Who signs, and for whom. */
export type Signer = {
  /** The HS256 secret: the bytes of the text as it is. */
  readonly key: string;
  readonly issuer: string;
  readonly audience: string;
  readonly clock: Clock;
  readonly random: Random;
};

/** Signs what was asked for, as gateways expect it. */
export function signToken(
  { user, grants, ttlSeconds }: TokenRequest,
  { key, issuer, audience, clock, random }: Signer,
): Promise<string> {
  const nowSeconds = Math.floor(clock.nowMs() / 1_000);
  return new SignJWT({ kw: grants })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(user)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + ttlSeconds)
    .setJti(random.hex(8))
    .sign(new TextEncoder().encode(key));
}
