import { type Clock, err, ok, type Random, type Result } from '@kittiwake/base';
import { SignJWT } from 'jose';
import { VERBS, type Verb } from '../auth/identity.ts';

/** Whom a development token is for. */
export type TokenRequest = {
  readonly user: string;
  readonly grants: { readonly [V in Verb]?: readonly string[] };
  readonly ttlSeconds: number;
};

/** What the issuer needs. */
export type TokenIssuerDeps = {
  readonly key: string;
  readonly issuer: string;
  readonly audience: string;
  readonly clock: Clock;
  readonly random: Random;
};

const TTL_SECONDS = 3_600;
const TTL_SECONDS_MAX = 86_400;
const PATTERNS_MAX = 64;

/** Signs tokens for anyone who asks: for development, never for production. */
export class TokenIssuer {
  readonly #deps: TokenIssuerDeps;

  constructor(deps: TokenIssuerDeps) {
    this.#deps = deps;
  }

  /** A signed token for what `body` asks: `{ user, grants?, ttlSeconds? }`, everything where no grants are given. */
  async issue(body: unknown): Promise<Result<string, string>> {
    const request = parseTokenRequest(body);
    if (!request.ok) return request;
    const { key, issuer, audience, clock, random } = this.#deps;
    const nowSeconds = Math.floor(clock.nowMs() / 1_000);
    const token = await new SignJWT({ kw: request.value.grants })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(request.value.user)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + request.value.ttlSeconds)
      .setJti(random.hex(8))
      .sign(new TextEncoder().encode(key));
    return ok(token);
  }
}

/** Reads a token request, or says what is wrong with it. */
export function parseTokenRequest(body: unknown): Result<TokenRequest, string> {
  if (typeof body !== 'object' || body === null) return err('send JSON: {"user": "alice"}');
  const {
    user,
    grants,
    ttlSeconds = TTL_SECONDS,
  } = body as { user?: unknown; grants?: unknown; ttlSeconds?: unknown };
  if (typeof user !== 'string' || user.length === 0 || user.length > 64)
    return err('`user` must be a text of 1 to 64 characters');
  if (
    typeof ttlSeconds !== 'number' ||
    !Number.isInteger(ttlSeconds) ||
    ttlSeconds < 1 ||
    ttlSeconds > TTL_SECONDS_MAX
  ) {
    return err(`\`ttlSeconds\` must be an integer from 1 to ${TTL_SECONDS_MAX}`);
  }
  if (grants === undefined)
    return ok({
      user,
      ttlSeconds,
      grants: { join: ['**'], publish: ['**'], presence: ['**'], history: ['**'] },
    });
  const parsed = parseGrants(grants);
  return parsed.ok ? ok({ user, ttlSeconds, grants: parsed.value }) : parsed;
}

function parseGrants(grants: unknown): Result<TokenRequest['grants'], string> {
  if (typeof grants !== 'object' || grants === null)
    return err('`grants` must be an object of lists of patterns');
  const out: { [V in Verb]?: readonly string[] } = {};
  for (const [verb, patterns] of Object.entries(grants)) {
    if (!VERBS.some(known => known === verb))
      return err(`\`grants.${verb.slice(0, 32)}\` is not one of ${VERBS.join(', ')}`);
    if (
      !Array.isArray(patterns) ||
      patterns.length > PATTERNS_MAX ||
      !patterns.every(pattern => typeof pattern === 'string')
    ) {
      return err(`\`grants.${verb}\` must be a list of at most ${PATTERNS_MAX} patterns`);
    }
    out[verb as Verb] = patterns;
  }
  return ok(out);
}
