import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isChannelName, isEventName } from './ids.ts';

test('[M4] channel names are segments of letters, digits and _-.@', () => {
  for (const name of ['chat', 'chat:42', 'user:alice@example.org', 'a_b-c.d', 'a'.repeat(200)])
    assert.ok(isChannelName(name), name);
  for (const name of ['', ':', 'a:', ':a', 'a::b', 'a b', 'é', 'a*', 'a\n', '{user}', 'a'.repeat(201)]) {
    assert.equal(isChannelName(name), false, name);
  }
});

test('[M4] event names have one to four segments', () => {
  for (const name of ['typing', 'chat:message:send', 'a:b:c:d']) assert.ok(isEventName(name), name);
  for (const name of ['', 'a:b:c:d:e', 'a.b', 'a:', 'a\n', 'a'.repeat(129)])
    assert.equal(isEventName(name), false, name);
});

test('[X6] a hostile name is judged in linear time', () => {
  // 200 characters that match until the last one: a pattern that backtracks would not come back.
  assert.equal(isChannelName(`${'a:'.repeat(99)}!`), false);
  assert.equal(isEventName(`${'a'.repeat(127)}!`), false);
});
