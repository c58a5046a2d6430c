import assert from 'node:assert/strict';
import { test } from 'node:test';
import { found } from '../test/found.ts';
import { testNames } from './test-names.ts';

/** A part of a template that is filled in. */
const FILLED = ['$', '{x}'].join('');
const inside = (text: string): readonly string[] => found(testNames, { 'a.test.ts': text });

test('[Y9] a test says which rule it shows', () => {
  for (const text of [
    "test('works', f)",
    "it('S7 closes', f)",
    "test('[7] closes', f)",
    "test('[S7]closes', f)",
    `test(\`closes ${FILLED}\`, f)`,
  ]) {
    assert.equal(inside(text).length, 1, text);
  }
  for (const text of [
    "test('[S7] closes', f)",
    "test('[S7][L3] closes', f)",
    "test('[S7, L3] closes', f)",
    `test(\`[S7] ${FILLED}\`, f)`,
    `test(\`[${FILLED}] x\`, f)`,
    'test(name, f)',
    "describe('hub', f)",
  ]) {
    assert.deepEqual(inside(text), [], text);
  }
});

test('[Y9] no test is switched off for good, or runs alone', () => {
  for (const text of [
    "test.skip('[S7] a', f)",
    "test.only('[S7] a', f)",
    "describe.skip('a', f)",
    "test('[S7] a', { skip: true }, f)",
    "test('[S7] a', { skip: 'later' }, f)",
    "test('[S7] a', { only: true }, f)",
  ]) {
    assert.equal(inside(text).length, 1, text);
  }
});

test('[Y9] a test may ask for what a machine may lack, and other files may call what they like test', () => {
  assert.deepEqual(inside("test('[B1] a', { skip: noRedis }, f)"), []);
  assert.deepEqual(found(testNames, { 'a.ts': "test('x')" }), []);
});
