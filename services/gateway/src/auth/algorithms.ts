import type { JwksAlgorithm } from '../config/gateway-config.ts';

/** Every signature algorithm that a key of ours may be pinned to. */
export type Algorithm = 'HS256' | JwksAlgorithm;

/** What a header may call the algorithm of a key; RFC 9864 renamed EdDSA over Ed25519. */
export const HEADER_NAMES: { readonly [A in Algorithm]: readonly string[] } = {
  HS256: ['HS256'],
  RS256: ['RS256'],
  ES256: ['ES256'],
  EdDSA: ['EdDSA', 'Ed25519'],
};

/** The algorithm that a header names; `undefined` for `none` and every other one. */
export function algorithmOfHeader(name: unknown): Algorithm | undefined {
  for (const algorithm of ['HS256', 'RS256', 'ES256', 'EdDSA'] as const) {
    if (HEADER_NAMES[algorithm].some(known => known === name)) return algorithm;
  }
  return undefined;
}
