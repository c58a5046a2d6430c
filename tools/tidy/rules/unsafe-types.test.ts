import assert from 'node:assert/strict';
import { test } from 'node:test';
import { found } from '../test/found.ts';
import { unsafeTypes } from './unsafe-types.ts';

test('[Y5] any, `!` and definite assignment are found', () => {
  for (const text of [
    'let a: any;',
    'a as any',
    'f<any>()',
    'a!.b',
    'a![0]',
    'let a!: string;',
    'class A { b!: string; }',
  ]) {
    assert.equal(found(unsafeTypes, { 'a.ts': text }).length, 1, text);
  }
});

test('[Y5] the word and the negation are left alone', () => {
  assert.deepEqual(found(unsafeTypes, { 'a.ts': '// any\nconst any = !b; c !== d; x.any();' }), []);
});
