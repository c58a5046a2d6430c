import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { type Clock, systemClock } from '@kittiwake/base';
import { exportJWK, type JWK, SignJWT } from 'jose';
import type { AuthConfig } from '../config/gateway-config.ts';
import type { Algorithm } from './algorithms.ts';
import { JwtVerifier } from './jwt-verifier.ts';
import { readKeySet, selectKeys } from './key-set.ts';
import type { KeySource } from './key-source.ts';

const NOW_MS = 1_800_000_000_000;
const NOW = NOW_MS / 1_000;
const CURRENT = 'current-secret-of-thirty-two-bytes';
const PREVIOUS = 'previous-secret-of-thirty-two-byte';
const CLOCK: Clock = { ...systemClock, nowMs: () => NOW_MS };
const PAIRS = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
} as const;

test('[A1] HS256 with the current key verifies', async () => {
  const identity = await verified(await sign({ kw: { join: ['chat:*'] } }));
  assert.deepEqual(identity, {
    user: 'alice',
    expiresAtMs: (NOW + 600) * 1_000,
    grants: { join: ['chat:*'], publish: [], presence: [], history: [] },
  });
});

for (const algorithm of ['RS256', 'ES256', 'EdDSA'] as const) {
  test(`[A1] ${algorithm} with a key of the set verifies`, async () => {
    const token = await sign({}, { alg: algorithm, key: PAIRS[algorithm].privateKey, kid: algorithm });
    assert.equal((await verified(token)).user, 'alice');
  });
}

test('[A3] the previous key verifies until a rotation drops it', async () => {
  const verifier = await started();
  const token = await sign({}, { key: PREVIOUS });
  assert.equal((await verifier.verify(token)).ok, true);
  await verifier.rotate({ current: 'a-third-secret-of-thirty-two-bytes', previous: CURRENT });
  assert.equal((await verifier.verify(token)).ok, false, 'also where it was remembered');
  assert.equal((await verifier.verify(await sign({}))).ok, true);
});

test('[A2] an expired token is told apart from a bad one', async () => {
  assert.equal(await refusal(await sign({ exp: NOW })), 'token_expired');
  assert.equal(
    await refusal(await sign({ exp: NOW - 1 }, { key: 'another-secret-of-thirty-two-bytes' })),
    'unauthenticated',
  );
});

test('[A2] a remembered token expires as well', async () => {
  let nowMs = NOW_MS;
  const verifier = await started({ clock: { ...systemClock, nowMs: () => nowMs } });
  const token = await sign({});
  assert.equal((await verifier.verify(token)).ok, true);
  nowMs += 600_000;
  const again = await verifier.verify(token);
  assert.equal(!again.ok && again.error.kind, 'token_expired');
});

const BAD_CLAIMS: readonly [what: string, claims: object][] = [
  ['another issuer', { iss: 'other' }],
  ['no issuer', { iss: undefined }],
  ['another audience', { aud: ['a', 'b'] }],
  ['no audience', { aud: undefined }],
  ['no expiry', { exp: undefined }],
  ['an expiry that is text', { exp: '9999999999' }],
  ['an endless expiry', { exp: 1e300 }],
  ['no user', { sub: undefined }],
  ['an empty user', { sub: '' }],
  ['a user that is an object', { sub: { a: 1 } }],
  ['a huge user', { sub: 'x'.repeat(257) }],
  ['not valid yet', { nbf: NOW + 31 }],
  ['issued in the future', { iat: NOW + 31 }],
  ['too long a lifetime', { iat: NOW, exp: NOW + 86_401 }],
  ['too long a lifetime without iat', { iat: undefined, exp: NOW + 86_500 }],
  ['grants that are a list', { kw: ['chat:*'] }],
  ['a grant that is text', { kw: { join: '**' } }],
  ['a grant that is no pattern', { kw: { join: ['a**b'] } }],
  ['too many grants', { kw: { join: Array.from({ length: 65 }, () => 'a') } }],
];

for (const [what, claims] of BAD_CLAIMS) {
  test(`[A2] refuses ${what}`, async () =>
    assert.equal(await refusal(await sign(claims)), 'unauthenticated'));
}

test('[A2] allows the leeway for nbf and iat', async () => {
  assert.equal((await verified(await sign({ nbf: NOW + 30, iat: NOW + 30 }))).user, 'alice');
});

test('[A5] a prototype key in the grants grants nothing', async () => {
  const token = raw(
    { alg: 'HS256' },
    `{"iss":"kittiwake","aud":"kittiwake","sub":"m","exp":${NOW + 60},"kw":{"__proto__":{"join":["**"]}}}`,
  );
  assert.deepEqual((await verified(token)).grants.join, []);
});

const RSA_PEM = PAIRS.RS256.publicKey.export({ type: 'spki', format: 'pem' }).toString();

// RFC 8725 §2 and the advisories of other libraries.
const ATTACKS: readonly [what: string, token: () => Promise<string> | string][] = [
  ['alg none', () => `${raw({ alg: 'none' }).split('.').slice(0, 2).join('.')}.`],
  ['alg none with a signature', () => raw({ alg: 'none' })],
  ['alg None', () => raw({ alg: 'None' })],
  ['no alg', () => raw({})],
  ['alg as a list', () => raw({ alg: ['HS256'] })],
  ['HS256 made with the public RSA key', () => raw({ alg: 'HS256' }, undefined, RSA_PEM)],
  ['HS256 made with the public RSA key after a space', () => raw({ alg: 'HS256' }, undefined, ` ${RSA_PEM}`)],
  ['HS256 with the kid of a public key', () => raw({ alg: 'HS256', kid: 'RS256' }, undefined, RSA_PEM)],
  ['HS384', () => raw({ alg: 'HS384' })],
  ['an empty secret', () => raw({ alg: 'HS256' }, undefined, '')],
  [
    'RS256 with the kid of an EC key',
    () => sign({}, { alg: 'RS256', key: PAIRS.RS256.privateKey, kid: 'ES256' }),
  ],
  ['a key of its own in jwk', () => embedded()],
  ['a kid that is a path', () => raw({ alg: 'HS256', kid: '../../dev/null' })],
  [
    'a kid that is __proto__ of an RSA key',
    () => sign({}, { alg: 'RS256', key: PAIRS.RS256.privateKey, kid: '__proto__' }),
  ],
  ['a kid with SQL', () => raw({ alg: 'HS256', kid: "x' UNION SELECT 'k" })],
  ['a huge kid', () => raw({ alg: 'HS256', kid: 'k'.repeat(65) })],
  ['a critical extension', () => raw({ alg: 'HS256', crit: ['b64'], b64: false })],
  ['another type', () => raw({ alg: 'HS256', typ: 'secevent+jwt' })],
  ['claims that are not JSON', () => raw({ alg: 'HS256' }, '{')],
  ['claims that are a list', () => raw({ alg: 'HS256' }, '[]')],
  ['claims that are not UTF-8', () => raw({ alg: 'HS256' }, Buffer.from([0x7b, 0xff, 0x7d]))],
  ['a changed payload', async () => changed(await sign({}))],
  ['a cut signature', async () => (await sign({})).slice(0, -4)],
  ['no signature', async () => `${(await sign({})).split('.').slice(0, 2).join('.')}.`],
  ['five parts', () => 'a.b.c.d.e'],
  ['nothing', () => ''],
  ['dots', () => '..'],
  ['a token of 9 KB', () => `${'a'.repeat(9_000)}.a.a`],
  ['text that is no token', () => 'Bearer \u0000\ud800'],
];

for (const [what, token] of ATTACKS) {
  test(`[A1] refuses ${what}`, async () => assert.equal(await refusal(await token()), 'unauthenticated'));
}

test('[A7] a refusal does not repeat the token', async () => {
  const token = await sign({ sub: 'secret-user', iss: 'secret-issuer' });
  const result = await (await started()).verify(token);
  assert(!JSON.stringify(result).includes('secret'));
  assert(!JSON.stringify(result).includes(token.slice(0, 20)));
});

async function sign(
  claims: object,
  how: { alg?: string; key?: string | KeyObject; kid?: string } = {},
): Promise<string> {
  const { alg = 'HS256', key = CURRENT, kid } = how;
  const payload = { iss: 'kittiwake', aud: 'kittiwake', sub: 'alice', iat: NOW, exp: NOW + 600, ...claims };
  const secret = typeof key === 'string' ? new TextEncoder().encode(key) : key;
  return new SignJWT(payload).setProtectedHeader({ alg, ...(kid !== undefined && { kid }) }).sign(secret);
}

/** A token as an attacker writes it: any header, any payload, HMAC with any secret. */
function raw(header: object, payload: string | Buffer = JSON.stringify(CLAIMS), secret = CURRENT): string {
  const input = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${Buffer.from(payload).toString('base64url')}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

const CLAIMS = { iss: 'kittiwake', aud: 'kittiwake', sub: 'mallory', exp: NOW + 600, kw: { join: ['**'] } };

async function embedded(): Promise<string> {
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = await exportJWK(own.publicKey);
  const header = {
    alg: 'RS256',
    kid: 'RS256',
    jwk,
    jku: 'https://evil.example/keys',
    x5u: 'https://evil.example/x',
  };
  return new SignJWT(CLAIMS).setProtectedHeader(header).sign(own.privateKey);
}

function changed(token: string): string {
  const [header, , signature] = token.split('.');
  return `${header}.${Buffer.from(JSON.stringify(CLAIMS)).toString('base64url')}.${signature}`;
}

async function started(options: { clock?: Clock } = {}): Promise<JwtVerifier> {
  const auth: AuthConfig = {
    issuer: 'kittiwake',
    audience: 'kittiwake',
    hs256: { current: CURRENT, previous: PREVIOUS },
    jwks: undefined,
    leewayMs: 30_000,
    maxTokenLifetimeMs: 86_400_000,
  };
  const verifier = new JwtVerifier({ auth, clock: options.clock ?? CLOCK, publicKeys: await publicKeys() });
  await verifier.start();
  return verifier;
}

async function publicKeys(): Promise<KeySource> {
  const keys: JWK[] = [];
  for (const [kid, pair] of Object.entries(PAIRS)) keys.push({ ...(await exportJWK(pair.publicKey)), kid });
  const set = await readKeySet(JSON.stringify({ keys }), ['RS256', 'ES256', 'EdDSA']);
  assert(set.ok, 'the set is fine');
  return {
    generation: () => 0,
    find: async (algorithm: Algorithm, kid) => selectKeys(set.value, algorithm, kid),
  };
}

async function verified(token: string) {
  const result = await (await started()).verify(token);
  assert(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

async function refusal(token: string): Promise<string> {
  const result = await (await started()).verify(token);
  assert(!result.ok, 'the token is refused');
  return result.error.kind;
}
