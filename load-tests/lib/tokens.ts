import { hmac } from 'k6/crypto';
import { b64encode } from 'k6/encoding';
import http from 'k6/http';
import type { Settings } from './settings.ts';
import { type Claims, loadClaims, type TokenPlan, tokenPlan } from './token-plan.ts';

/** Tokens for `users` users, in k6's `setup()`. Throws where they cannot be had: then there is no test. */
export function obtainTokens(settings: Settings, users: number, runId: string): readonly string[] {
  const plan: TokenPlan = tokenPlan(settings.tokens, users, runId);
  switch (plan.kind) {
    case 'given':
      return plan.tokens;
    case 'sign':
      return plan.users.map(user => sign(loadClaims(user, Date.now()), plan.key));
    case 'ask':
      return plan.users.map(user => ask(plan.url, user));
    default:
      throw new Error('no such source of tokens');
  }
}

/** HS256 (RFC 7515, RFC 7518 §3.2) by k6's own primitives. */
function sign(claims: Claims, key: string): string {
  const part = (value: object): string => b64encode(JSON.stringify(value), 'rawurl');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${hmac('sha256', key, signed, 'base64rawurl')}`;
}

function ask(url: string, user: string): string {
  const grants = { join: ['**'], publish: ['**'], presence: ['**'], history: ['**'] };
  const response = http.post(`${url}/dev/token`, JSON.stringify({ user, grants, ttlSeconds: 86_400 }), {
    headers: { 'Content-Type': 'application/json' },
    tags: { name: 'token' },
  });
  const token: unknown = response.status === 200 ? response.json('token') : undefined;
  if (typeof token === 'string') return token;
  throw new Error(
    `${url}/dev/token gave no token (status ${response.status}). It exists where \`npm start\` runs; ` +
      'for a cluster set TOKEN to tokens of `npx kittiwake token`, or SIGNING_KEY to its signing key.',
  );
}
