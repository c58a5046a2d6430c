import { err, ok, type Result } from '@kittiwake/base';
import { LIMITS } from '@kittiwake/protocol';
import { decodeProtectedHeader } from 'jose';
import { type Algorithm, algorithmOfHeader } from './algorithms.ts';

/** What is taken from a token's header; `jku`, `x5u`, `x5c` and `jwk` are never looked at (RFC 8725 §3.10). */
export type TokenHeader = { readonly algorithm: Algorithm; readonly kid: string | undefined };

/** A key's name: looked up, never interpreted (SPEC A4). */
const KID = /^[A-Za-z0-9._-]{1,64}$/;
const TYPES = ['jwt', 'at+jwt'];

/** Reads the header before anything is verified; it only chooses among keys that have an algorithm already (SPEC A1). */
export function readTokenHeader(token: string): Result<TokenHeader, string> {
  if (token.length > LIMITS.tokenBytesMax) return err('longer than a token may be');
  if (!/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(token))
    return err('not a signed token in compact form');
  const header = parseHeader(token);
  if (header === undefined) return err('a header that cannot be read');
  const algorithm = algorithmOfHeader(header['alg']);
  if (algorithm === undefined) return err('an algorithm that is not accepted');
  // Extensions that must be understood (RFC 7515 §4.1.11): there are none here, and `b64` is no JWT (RFC 7797 §7).
  if ('crit' in header || 'b64' in header) return err('a critical extension');
  const typ = header['typ'];
  if (typ !== undefined && (typeof typ !== 'string' || !TYPES.includes(typ.toLowerCase())))
    return err('a type that is not JWT');
  const kid = header['kid'];
  if (kid !== undefined && (typeof kid !== 'string' || !KID.test(kid)))
    return err('a key id that is not one');
  return ok({ algorithm, kid });
}

function parseHeader(token: string): { readonly [name: string]: unknown } | undefined {
  try {
    return decodeProtectedHeader(token) as { readonly [name: string]: unknown };
  } catch {
    return undefined;
  }
}
