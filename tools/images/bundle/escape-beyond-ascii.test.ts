import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Script } from 'node:vm';
import { escapeBeyondAscii } from './escape-beyond-ascii.ts';

test('[G12] strings, templates and regular expressions mean the same in ASCII', () => {
  const code = "['user’s', `… 😀`, /^[😀・]+$/u.test('😀・'), '–'.length]";
  const escaped = escapeBeyondAscii(code);
  assert.match(escaped, /^[\0-\x7f]+$/);
  const value = (text: string): string => JSON.stringify(new Script(text).runInThisContext());
  assert.equal(value(escaped), value(code));
  assert.equal(value(escaped), JSON.stringify(['user’s', '… 😀', true, 1]));
});

test('[G12] raw templates, which would show the escapes, are refused', () => {
  assert.throws(() => escapeBeyondAscii('String.raw`…`'), /raw templates/);
});
