import { createHmac } from 'node:crypto';
import type { Clock } from '@kittiwake/base';

const ALL = ['**'];
const LIFETIME_SECONDS = 12 * 3_600;

/** A token for `user` that lets it do everything, for longer than any drill takes. */
export function signToken(clock: Clock, user: string, key: string): string {
  const nowSeconds = Math.floor(clock.nowMs() / 1_000);
  const claims = {
    sub: user,
    iss: 'kittiwake',
    aud: 'kittiwake',
    iat: nowSeconds,
    exp: nowSeconds + LIFETIME_SECONDS,
    kw: { join: ALL, publish: ALL, presence: ALL, history: ALL },
  };
  const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
