import { err, ok, type Result } from '@kittiwake/base';
import type { UserId } from '@kittiwake/protocol';
import { compilePattern } from '../config/channel-pattern.ts';
import type { AuthConfig } from '../config/gateway-config.ts';
import { type Grants, type Identity, VERBS, type Verb } from './identity.ts';
import type { AuthFailure } from './token-verifier.ts';

/** What claims are held against. */
export type ClaimRules = Pick<AuthConfig, 'issuer' | 'audience' | 'leewayMs' | 'maxTokenLifetimeMs'>;

/** Patterns of one verb in one token. */
export const GRANTS_PER_VERB_MAX = 64;

const USER_BYTES_MAX = 256;
const AUDIENCES_MAX = 16;

type Claims = { readonly [name: string]: unknown };

/** Reads a payload whose signature was verified (SPEC A2, A5). Times in tokens are seconds; `exp` has no leeway. */
export function readTokenClaims(
  payload: unknown,
  rules: ClaimRules,
  nowMs: number,
): Result<Identity, AuthFailure> {
  if (!isRecord(payload)) return refuse('claims that are not an object');
  if (claim(payload, 'iss') !== rules.issuer) return refuse('another issuer');
  if (!audiencesOf(payload).includes(rules.audience)) return refuse('another audience');
  const user = claim(payload, 'sub');
  if (typeof user !== 'string' || user === '' || Buffer.byteLength(user) > USER_BYTES_MAX)
    return refuse('no user');
  const times = readTimes(payload, rules, nowMs);
  if (!times.ok) return times;
  const grants = readGrants(claim(payload, 'kw'));
  if (!grants.ok) return refuse(grants.error);
  return ok({ user: user as UserId, expiresAtMs: times.value, grants: grants.value });
}

function readTimes(payload: Claims, rules: ClaimRules, nowMs: number): Result<number, AuthFailure> {
  const expiresAtMs = timeOf(payload, 'exp');
  const notBeforeMs = timeOf(payload, 'nbf');
  const issuedAtMs = timeOf(payload, 'iat');
  if (expiresAtMs === undefined || expiresAtMs === 'malformed') return refuse('no expiry');
  if (notBeforeMs === 'malformed' || issuedAtMs === 'malformed') return refuse('a time that is not one');
  if (expiresAtMs <= nowMs) return err({ kind: 'token_expired', message: 'past its expiry' });
  if (notBeforeMs !== undefined && notBeforeMs > nowMs + rules.leewayMs) return refuse('not valid yet');
  if (issuedAtMs !== undefined && issuedAtMs > nowMs + rules.leewayMs) return refuse('issued in the future');
  // Without `iat` the lifetime counts from now, with the clocks' difference on top.
  const lifetimeMs = expiresAtMs - (issuedAtMs ?? nowMs + rules.leewayMs);
  return lifetimeMs > rules.maxTokenLifetimeMs ? refuse('a lifetime longer than allowed') : ok(expiresAtMs);
}

function readGrants(kw: unknown): Result<Grants, string> {
  if (kw !== undefined && !isRecord(kw)) return err('grants that are not an object');
  const grants: { [V in Verb]: readonly string[] } = { join: [], publish: [], presence: [], history: [] };
  for (const verb of VERBS) {
    const patterns = readPatterns(kw === undefined ? undefined : claim(kw, verb));
    if (patterns === undefined) return err(`grants for ${verb} that are not patterns`);
    grants[verb] = patterns;
  }
  return ok(grants);
}

function readPatterns(value: unknown): readonly string[] | undefined {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > GRANTS_PER_VERB_MAX) return undefined;
  return value.every(isPattern) ? value : undefined;
}

function isPattern(value: unknown): value is string {
  return typeof value === 'string' && compilePattern(value, { grant: true }).ok;
}

function audiencesOf(payload: Claims): readonly unknown[] {
  const audience = claim(payload, 'aud');
  return Array.isArray(audience) ? audience.slice(0, AUDIENCES_MAX) : [audience];
}

function timeOf(payload: Claims, name: string): number | 'malformed' | undefined {
  const seconds = claim(payload, name);
  if (seconds === undefined) return undefined;
  const fits = typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0 && seconds < 1e11;
  return fits ? Math.floor(seconds * 1_000) : 'malformed';
}

/** Own fields only: `__proto__` and its kind mean nothing. */
function claim(claims: Claims, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

function isRecord(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(message: string): Result<never, AuthFailure> {
  return err({ kind: 'unauthenticated', message });
}
