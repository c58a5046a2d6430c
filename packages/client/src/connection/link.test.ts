import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionId, UserId } from '@kittiwake/protocol';
import { linkOf } from './link.ts';

test('[K4] what is left of a token becomes a deadline on the clock that nobody sets', () => {
  const said = {
    session: 's1' as SessionId,
    user: 'ada' as UserId,
    gateway: 'gateway-0',
    pingIntervalMs: 15_000,
    pingTimeoutMs: 6_000,
    messageBytesMax: 65_536,
  };
  assert.deepEqual(linkOf({ type: 'connected', ref: 1, expiresInMs: 60_000, ...said }, 250.5), {
    ...said,
    expiresAtMs: 60_250.5,
  });
});
