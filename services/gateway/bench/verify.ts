#!/usr/bin/env node
import { createHmac, createSecretKey, generateKeyPairSync, timingSafeEqual } from 'node:crypto';
import { systemClock } from '@kittiwake/base';
import { exportJWK, SignJWT } from 'jose';
import { JwtVerifier } from '../src/auth/jwt-verifier.ts';
import { readKeySet, selectKeys } from '../src/auth/key-set.ts';

/**
 * Measures what one verification costs: ours (jose) against HMAC by hand with node:crypto, and a token seen before.
 * Run: `node services/gateway/bench/verify.ts`. Prints microseconds per token, median of five rounds, one thread.
 */

const TOKENS = 2_000;
const ROUNDS = 5;
const SECRET = 'a-secret-of-at-least-thirty-two-bytes';
const key = createSecretKey(SECRET, 'utf8');
const AUTH = {
  issuer: 'kittiwake',
  audience: 'kittiwake',
  hs256: { current: SECRET },
  jwks: undefined,
  leewayMs: 30_000,
  maxTokenLifetimeMs: 86_400_000,
};

const pairs = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
} as const;

const tokens = await signAll('HS256', key);
await measure('HS256, node:crypto by hand', async () => {
  for (const token of tokens) verifyByHand(token);
});
await measureVerifier('HS256, verifier (jose)', tokens, 1);
await measureVerifier('HS256, verifier, seen before', tokens, 100_000);
for (const alg of ['RS256', 'ES256', 'EdDSA'] as const) {
  await measureVerifier(`${alg}, verifier (jose)`, await signAll(alg, pairs[alg].privateKey), 1);
}

async function measureVerifier(name: string, all: readonly string[], cachedTokensMax: number): Promise<void> {
  const publicKeys = await keySource();
  const verifier = new JwtVerifier({ auth: AUTH, clock: systemClock, publicKeys, cachedTokensMax });
  await verifier.start();
  await measure(name, async () => {
    for (const token of all) if (!(await verifier.verify(token)).ok) throw new Error('a token was refused');
  });
}

async function measure(name: string, round: () => Promise<void>): Promise<void> {
  await round();
  const micros: number[] = [];
  for (let index = 0; index < ROUNDS; index += 1) {
    const startedAtMs = systemClock.monotonicMs();
    await round();
    micros.push(((systemClock.monotonicMs() - startedAtMs) * 1_000) / TOKENS);
  }
  const median = micros.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
  console.log(`${name.padEnd(32)} ${median.toFixed(1).padStart(7)} µs  ${Math.round(1_000_000 / median)} /s`);
}

function verifyByHand(token: string): unknown {
  const end = token.lastIndexOf('.');
  const expected = createHmac('sha256', key).update(token.slice(0, end)).digest();
  if (!timingSafeEqual(expected, Buffer.from(token.slice(end + 1), 'base64url')))
    throw new Error('a token was refused');
  return JSON.parse(Buffer.from(token.slice(token.indexOf('.') + 1, end), 'base64url').toString());
}

async function signAll(alg: string, signingKey: Parameters<SignJWT['sign']>[0]): Promise<readonly string[]> {
  const exp = Math.floor(systemClock.nowMs() / 1_000) + 3_600;
  const sign = (user: number) =>
    new SignJWT({ iss: 'kittiwake', aud: 'kittiwake', sub: `user-${user}`, exp, kw: { join: ['chat:*'] } })
      .setProtectedHeader({ alg })
      .sign(signingKey);
  return Promise.all(Array.from({ length: TOKENS }, (_, index) => sign(index)));
}

async function keySource() {
  const keys = await Promise.all(Object.values(pairs).map(pair => exportJWK(pair.publicKey)));
  const set = await readKeySet(JSON.stringify({ keys }), ['RS256', 'ES256', 'EdDSA']);
  if (!set.ok) throw new Error(set.error);
  return {
    generation: () => 0,
    find: async (alg: string, kid: string | undefined) => selectKeys(set.value, alg, kid),
  };
}
