import type { TokenSource } from './settings.ts';

/** How the tokens of a run are come by. */
export type TokenPlan =
  | { readonly kind: 'given'; readonly tokens: readonly string[] }
  | { readonly kind: 'sign'; readonly key: string; readonly users: readonly string[] }
  | { readonly kind: 'ask'; readonly url: string; readonly users: readonly string[] };

/** Claims of a load-test token. */
export type Claims = {
  readonly sub: string;
  readonly iss: string;
  readonly aud: string;
  readonly iat: number;
  readonly exp: number;
  readonly kw: { readonly join: readonly string[]; readonly publish: readonly string[] };
};

/** Long enough for a soak, short enough for a gateway's `maxTokenLifetime` of 24 h. */
const LIFETIME_SECONDS = 12 * 3_600;

/** One user per group: a gateway bounds the sessions of one user. */
export function tokenPlan(source: TokenSource, users: number, runId: string): TokenPlan {
  const names = Array.from({ length: users }, (_, index) => `load-${runId}-${index + 1}`);
  switch (source.kind) {
    case 'given':
      return source;
    case 'signed':
      return { kind: 'sign', key: source.key, users: names };
    case 'issuer':
      return { kind: 'ask', url: source.url, users: names };
  }
}

/** What a signed token says: it may join and publish in the load tests' channels, and nothing else. */
export function loadClaims(user: string, nowMs: number): Claims {
  const iat = Math.floor(nowMs / 1_000);
  const patterns = ['chat:load-*', 'game:load-*'];
  return {
    sub: user,
    iss: 'kittiwake',
    aud: 'kittiwake',
    iat,
    exp: iat + LIFETIME_SECONDS,
    kw: { join: patterns, publish: patterns },
  };
}
