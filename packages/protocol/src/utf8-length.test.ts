import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isLongerThan, utf8Length } from './utf8-length.ts';

test('[M5] counts what an encoder would write', () => {
  const encoder = new TextEncoder();
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => utf8Length(text) === encoder.encode(text).length),
  );
});

test('[M5] a lone surrogate counts as the replacement character', () => {
  assert.equal(utf8Length('\ud800'), 3);
  assert.equal(utf8Length('a\udc00b'), 5);
});

test('[M5] is exact at the bound', () => {
  assert.equal(isLongerThan('é'.repeat(50), 100), false);
  assert.equal(isLongerThan('é'.repeat(50), 99), true);
});
