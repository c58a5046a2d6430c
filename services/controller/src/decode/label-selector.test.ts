import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matches, parseSelector } from './label-selector.ts';

const LABELS = new Map([
  ['app.kubernetes.io/name', 'kittiwake'],
  ['tier', 'edge'],
  ['empty', ''],
]);

const CASES: readonly (readonly [string, boolean])[] = [
  ['', true],
  ['tier=edge', true],
  ['tier==edge,app.kubernetes.io/name=kittiwake', true],
  ['tier=core', false],
  ['tier!=core', true],
  ['missing!=x', true],
  ['tier in (core, edge)', true],
  ['tier notin (core)', true],
  ['missing notin (x)', true],
  ['tier in (core),tier', false],
  ['tier', true],
  ['!tier', false],
  ['!missing', true],
  ['empty=', true],
];

for (const [text, expected] of CASES) {
  test(`[R13] selector "${text}" ${expected ? 'matches' : 'does not match'}`, () => {
    const selector = parseSelector(text);
    assert.ok(selector.ok);
    assert.equal(matches(selector.value, LABELS), expected);
  });
}

for (const text of [
  '=x',
  'a b',
  'a in b',
  'a in (b',
  'a,,b',
  'a=b=c',
  'a in (b,(c))',
  '!',
  'x'.repeat(5_000),
]) {
  test(`[R13] "${text.slice(0, 20)}" is no selector`, () => {
    assert.equal(parseSelector(text).ok, false);
  });
}
