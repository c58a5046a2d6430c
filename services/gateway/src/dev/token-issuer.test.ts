import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock, createSeededRandom } from '@kittiwake/testkit';
import { jwtVerify } from 'jose';
import { parseTokenRequest, TokenIssuer } from './token-issuer.ts';

const KEY = 'a-signing-key-of-at-least-32-bytes';
const EVERYTHING = { join: ['**'], publish: ['**'], presence: ['**'], history: ['**'] };

test('[V3] signs what was asked for, for as long as was asked', async () => {
  const clock = createFakeClock();
  const grants = { join: ['chat:*'], publish: [] };
  const { payload, protectedHeader } = await verified(clock, { user: 'alice', grants, ttlSeconds: 90 });
  assert.deepEqual(payload['kw'], grants);
  assert.equal(payload.sub, 'alice');
  assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 90);
  assert.equal(payload.iat, Math.floor(clock.nowMs() / 1_000));
  assert.equal(protectedHeader.alg, 'HS256');
  assert.match(payload.jti ?? '', /^[0-9a-f]{16}$/);
});

test('[V3] without grants everything is granted, for an hour', async () => {
  const { payload } = await verified(createFakeClock(), { user: 'alice' });
  assert.deepEqual(payload['kw'], EVERYTHING);
  assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 3_600);
});

test('[V3] two tokens are never the same one', async () => {
  const issuer = issuerWith(createFakeClock());
  assert.notDeepEqual(await issuer.issue({ user: 'alice' }), await issuer.issue({ user: 'alice' }));
});

test('[V3] a user of 64 characters and a day are still good', () => {
  assert.equal(parseTokenRequest({ user: 'é'.repeat(64), ttlSeconds: 86_400 }).ok, true);
});

const WRONG: readonly (readonly [body: unknown, problem: RegExp])[] = [
  [undefined, /send JSON/],
  [null, /send JSON/],
  ['alice', /send JSON/],
  [[], /`user`/],
  [{}, /`user`/],
  [{ user: '' }, /`user`/],
  [{ user: 7 }, /`user`/],
  [{ user: 'a'.repeat(65) }, /`user`/],
  [{ user: 'a', ttlSeconds: 0 }, /`ttlSeconds`/],
  [{ user: 'a', ttlSeconds: 1.5 }, /`ttlSeconds`/],
  [{ user: 'a', ttlSeconds: 86_401 }, /`ttlSeconds`/],
  [{ user: 'a', ttlSeconds: '60' }, /`ttlSeconds`/],
  [{ user: 'a', ttlSeconds: null }, /`ttlSeconds`/],
  [{ user: 'a', grants: null }, /`grants` must be an object/],
  [{ user: 'a', grants: ['chat:*'] }, /`grants\.0` is not one of/],
  [{ user: 'a', grants: { admin: ['**'] } }, /`grants\.admin` is not one of/],
  [JSON.parse('{"user":"a","grants":{"__proto__":["**"]}}'), /`grants\.__proto__` is not one of/],
  [{ user: 'a', grants: { join: 'chat:*' } }, /`grants\.join` must be a list/],
  [{ user: 'a', grants: { join: [7] } }, /`grants\.join` must be a list/],
  [{ user: 'a', grants: { join: Array(65).fill('a') } }, /at most 64 patterns/],
];

for (const [body, problem] of WRONG) {
  test(`[V5] refuses ${JSON.stringify(body)?.slice(0, 60)}`, () => {
    const parsed = parseTokenRequest(body);
    assert.match(parsed.ok ? '' : parsed.error, problem);
  });
}

function issuerWith(clock: ReturnType<typeof createFakeClock>): TokenIssuer {
  const random = createSeededRandom(1);
  return new TokenIssuer({ key: KEY, issuer: 'kittiwake', audience: 'kittiwake', clock, random });
}

async function verified(clock: ReturnType<typeof createFakeClock>, body: unknown) {
  const token = await issuerWith(clock).issue(body);
  assert.ok(token.ok);
  return jwtVerify(token.value, new TextEncoder().encode(KEY), {
    issuer: 'kittiwake',
    audience: 'kittiwake',
    currentDate: new Date(clock.nowMs()),
  });
}
