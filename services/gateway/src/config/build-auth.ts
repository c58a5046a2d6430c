import type { Report } from './config-problem.ts';
import type { ConfigFile } from './config-schema.ts';
import { DEFAULT_CONFIG } from './default-config.ts';
import type { AuthConfig, Hs256Keys } from './gateway-config.ts';
import type { Secrets } from './secrets.ts';
import { millis } from './units.ts';
import { isHttpUrl } from './urls.ts';

/** RFC 7518 §3.2: a key at least as long as the hash. */
export const SIGNING_KEY_BYTES_MIN = 32;

/** Turns the `auth` section and the signing keys into what the verifier is made from. */
export function buildAuth(
  entry: NonNullable<ConfigFile['auth']>,
  secrets: Secrets,
  report: Report,
): AuthConfig {
  const hs256 = readHs256Keys(secrets, report);
  if (hs256 === undefined && entry.jwks === undefined) {
    report('secrets/signing-key-current', 'is missing, and auth.jwks is not set: no token could be verified');
  }
  if (entry.jwks !== undefined && !isHttpUrl(entry.jwks.url))
    report('auth.jwks.url', 'must be an http:// or https:// address');
  const merged = { ...DEFAULT_CONFIG.auth, ...entry };
  return {
    issuer: merged.issuer,
    audience: merged.audience,
    hs256,
    jwks: entry.jwks,
    leewayMs: millis(merged.leeway),
    maxTokenLifetimeMs: millis(merged.maxTokenLifetime),
  };
}

/** The HS256 keys among the secrets, if there are any; what is wrong with them is reported. */
export function readHs256Keys(secrets: Secrets, report: Report): Hs256Keys | undefined {
  const current = secrets['signing-key-current'];
  const previous = secrets['signing-key-previous'];
  if (current === undefined) {
    if (previous !== undefined)
      report('secrets/signing-key-current', 'is missing while signing-key-previous is there');
    return undefined;
  }
  for (const [name, key] of Object.entries({ current, previous })) {
    if (key !== undefined && Buffer.byteLength(key) < SIGNING_KEY_BYTES_MIN) {
      report(`secrets/signing-key-${name}`, `must have at least ${SIGNING_KEY_BYTES_MIN} bytes`);
    }
  }
  return { current, ...(previous !== undefined && { previous }) };
}
