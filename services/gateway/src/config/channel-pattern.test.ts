import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChannelPattern, compilePattern, covers } from './channel-pattern.ts';

const MATCHES = [
  ['chat:*', 'chat:42', true],
  ['chat:*', 'chat', false],
  ['chat:*', 'chat:42:typing', false],
  ['chat:**', 'chat:42:typing', true],
  ['chat:**', 'chat:42', true],
  ['chat:**', 'chat', false],
  ['chat:**', 'chatter:1', false],
  ['**', 'anything:at:all', true],
  ['*', 'one', true],
  ['*', 'one:two', false],
  ['game-*', 'game-7', true],
  ['game-*', 'game-', false],
  ['a*z:b', 'abcz:b', true],
  ['a*a', 'a', false],
  ['news.eu', 'newsxeu', false],
] as const;

for (const [pattern, channel, expected] of MATCHES) {
  test(`[A5] ${pattern} ${expected ? 'covers' : 'does not cover'} ${channel}`, () => {
    assert.equal(compiled(pattern).matches(channel), expected);
  });
}

const REFUSED = [
  '',
  ':',
  'a::b',
  'a:**:b',
  'a**',
  '***',
  'a*b*c',
  'chat:{user}',
  'caf\u00e9',
  'x'.repeat(201),
  '\u0001',
] as const;

for (const pattern of REFUSED) {
  test(`[F3] refuses the pattern ${JSON.stringify(pattern.slice(0, 20))}`, () => {
    assert.equal(compilePattern(pattern).ok, false);
  });
}

test('[A5] {user} stands for the own user of the token only', () => {
  const pattern = compiled('inbox:{user}', true);
  assert.equal(pattern.matches('inbox:alice', 'alice'), true);
  assert.equal(pattern.matches('inbox:bob', 'alice'), false);
  assert.equal(pattern.matches('inbox:alice'), false);
  assert.equal(pattern.matches('inbox:', ''), false);
});

test('[A5] a user whose name looks like a pattern gains nothing by it', () => {
  const pattern = compiled('inbox:{user}', true);
  for (const user of ['*', '**', '{user}', 'bob:*', '$&', '.*'])
    assert.equal(pattern.matches('inbox:bob', user), false);
});

test('[A5] matching a hostile name against many wildcards stays linear', () => {
  const pattern = compiled(`${'*a:'.repeat(60)}**`);
  const channel = `${'a'.repeat(200)}:`.repeat(60);
  let matched = 0;
  for (let run = 0; run < 1_000; run += 1) if (pattern.matches(channel)) matched += 1;
  assert.equal(matched, 1_000);
});

const COVERED = [
  ['**', 'chat:*', true],
  ['chat:**', 'chat:*', true],
  ['chat:*', 'chat:**', false],
  ['chat:*', 'chat:room-*', true],
  ['room-*', '*', false],
  ['chat:*:**', 'chat:**', false],
  ['*:*', 'chat:**', false],
  ['a', 'a', true],
] as const;

for (const [wide, narrow, expected] of COVERED) {
  test(`[F3] "${wide}" ${expected ? 'hides' : 'does not hide'} "${narrow}" behind it`, () => {
    assert.equal(covers(compiled(wide), compiled(narrow)), expected);
  });
}

function compiled(text: string, grant = false): ChannelPattern {
  const pattern = compilePattern(text, { grant });
  assert(pattern.ok, `${text} is a pattern`);
  return pattern.value;
}
