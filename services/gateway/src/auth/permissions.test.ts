import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelName, UserId } from '@kittiwake/protocol';
import type { Access } from '../config/channel-rule.ts';
import { createApiKeyCheck } from './api-key.ts';
import { type Identity, VERBS, type Verb } from './identity.ts';
import { can } from './permissions.ts';

const ALICE: Identity = {
  user: 'alice' as UserId,
  expiresAtMs: 0,
  grants: { join: ['chat:*', 'inbox:{user}'], publish: ['chat:42'], presence: [], history: ['**'] },
};

test('[A5] each verb has its own grants', () => {
  const allowed = VERBS.filter(verb => asks(verb, 'chat:7', 'token'));
  assert.deepEqual(allowed, ['join', 'history']);
});

test('[A5] {user} is the own user', () => {
  assert.equal(asks('join', 'inbox:alice', 'token'), true);
  assert.equal(asks('join', 'inbox:bob', 'token'), false);
});

test('[A5] a rule for everyone needs no grant, and a rule for nobody takes none', () => {
  assert.equal(asks('presence', 'chat:42', 'everyone'), true);
  assert.equal(asks('history', 'chat:42', 'nobody'), false);
});

test('[A5] a grant that is no pattern grants nothing', () => {
  const identity = { ...ALICE, grants: { ...ALICE.grants, join: ['a**b', ''] } };
  const rule = { access: { join: 'token', publish: 'token', presence: 'token', history: 'token' } } as const;
  assert.equal(can({ verb: 'join', channel: 'a**b' as ChannelName, identity, rule }), false);
});

test('[H2] the API key is compared as a whole', () => {
  const fits = createApiKeyCheck('a-key-of-a-backend');
  assert.equal(fits('a-key-of-a-backend'), true);
  for (const wrong of ['', 'a-key-of-a-backen', 'a-key-of-a-backend ', 'A-key-of-a-backend', '\u0000'])
    assert.equal(fits(wrong), false);
  assert.equal(createApiKeyCheck('')(''), false, 'no key opens nothing');
});

function asks(verb: Verb, channel: string, access: Access): boolean {
  const rule = { access: { join: access, publish: access, presence: access, history: access } };
  return can({ verb, channel: channel as ChannelName, identity: ALICE, rule });
}
