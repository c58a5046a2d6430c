import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '@kittiwake/base';
import type { SessionId, UserId } from '@kittiwake/protocol';
import { continuedSessionId, newSessionId } from './session-ids.ts';

const alice = 'alice' as UserId;
const bob = 'bob' as UserId;

test('[S6] a session is continued by a token of the same user', () => {
  const id = newSessionId(alice, systemRandom);
  assert.equal(continuedSessionId(id, alice, systemRandom), id);
});

test('[S6] knowing somebody’s session id does not continue it', () => {
  const id = newSessionId(alice, systemRandom);
  const given = continuedSessionId(id, bob, systemRandom);
  assert.notEqual(given, id);
});

test('[S6] an id that cannot be continued gives a new session', () => {
  for (const wanted of [undefined, 'x', '__proto__', '']) {
    const given = continuedSessionId(wanted as SessionId | undefined, alice, systemRandom);
    assert.match(given, /^[0-9a-f]{16}-[0-9a-f]{24}$/);
  }
});
