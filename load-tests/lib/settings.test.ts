import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from './settings.ts';
import { loadClaims, tokenPlan } from './token-plan.ts';

test('[W4] without settings it is a smoke test of this machine, with the development issuer', () => {
  const settings = readSettings({});
  assert.ok(settings.ok);
  assert.equal(settings.value.url, 'ws://localhost:8000/v1/ws');
  assert.equal(settings.value.profile.name, 'smoke');
  assert.deepEqual(settings.value.tokens, { kind: 'issuer', url: 'http://localhost:8000' });
});

test('[W4] everything that is wrong is said at once', () => {
  const settings = readSettings({ URL: 'http://x', PROFILE: 'huge', KILL: 'me' });
  assert.ok(!settings.ok);
  assert.equal(settings.error.length, 3);
});

test('[W4] given tokens come before a signing key, and that before the issuer', () => {
  const kinds = [{ TOKEN: 'a,b', SIGNING_KEY: 'k' }, { SIGNING_KEY: 'k' }, { URL: 'wss://h:1/v1/ws' }].map(
    env => {
      const settings = readSettings(env);
      return settings.ok ? settings.value.tokens : undefined;
    },
  );
  assert.deepEqual(kinds, [
    { kind: 'given', tokens: ['a', 'b'] },
    { kind: 'signed', key: 'k' },
    { kind: 'issuer', url: 'https://h:1' },
  ]);
});

test('[W4] each group is a user of its own, and its token is good for the load tests only', () => {
  const plan = tokenPlan({ kind: 'signed', key: 'k' }, 3, 'r');
  assert.ok(plan.kind === 'sign');
  assert.equal(new Set(plan.users).size, 3);
  const claims = loadClaims('u', 1_000_000);
  assert.deepEqual(claims.kw.join, ['chat:load-*', 'game:load-*']);
  assert.ok(claims.exp - claims.iat < 86_400);
});
