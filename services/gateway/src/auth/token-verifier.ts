import type { Result } from '@kittiwake/base';
import type { Identity } from './identity.ts';

/** Why a token is refused. The message is for logs; clients learn the kind. */
export type AuthFailure = { readonly kind: 'unauthenticated' | 'token_expired'; readonly message: string };

/** Turns a JWT into who it speaks for. Never throws; a key server that is down is `unauthenticated` (SPEC A1–A4). */
export type TokenVerifier = {
  verify(token: string): Promise<Result<Identity, AuthFailure>>;
};
