import assert from 'node:assert/strict';
import { test } from 'node:test';
import { found } from '../test/found.ts';
import { suppressions } from './suppressions.ts';

test('[Y5] comments that silence a tool are found', () => {
  for (const word of [
    '@ts-' + 'ignore',
    '@ts-' + 'nocheck',
    '@ts-' + 'expect-error',
    'biome-' + 'ignore lint: x',
  ]) {
    assert.equal(found(suppressions, { 'a.ts': `x;\n// ${word}\ny;` }).length, 1, word);
  }
});

test('[Y5] a test may expect a type error', () => {
  assert.deepEqual(found(suppressions, { 'a.test.ts': `// @ts-${'expect-error'} a number` }), []);
});
