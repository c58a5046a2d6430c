import assert from 'node:assert/strict';
import { test } from 'node:test';
import { found } from '../test/found.ts';
import { functionSize } from './function-size.ts';

const inside = (text: string): readonly string[] => found(functionSize, { 'a.ts': text });
const lines = (count: number): string => '\n'.repeat(count - 1);

test('[Y2] a function has at most 40 lines', () => {
  assert.deepEqual(inside(`function f() {${lines(40)}}`), []);
  for (const text of [
    `function f() {${lines(41)}}`,
    `const f = () => {${lines(41)}};`,
    `class A { m() {${lines(41)}} }`,
    `call(() => {${lines(41)}});`,
  ]) {
    assert.equal(inside(text).length, 1, text);
  }
});

test('[Y2] a suite only lists its tests, and may be longer', () => {
  assert.deepEqual(inside(`describe('x', () => {${lines(100)}});`), []);
});

test('[Y2] a contract suite among the tests only lists them, too', () => {
  const contract = `export function brokerContract(make) {\n  test('[B7] x', f);${lines(100)}}`;
  assert.deepEqual(
    found(functionSize, { 'services/gateway/test/contract/broker.contract.ts': contract }),
    [],
  );
  assert.equal(inside(contract).length, 1);
});

test('[Y2] a function takes at most three things, a constructor too', () => {
  for (const text of [
    'function f(a, b, c, d) {}',
    'const f = (a, b, c, d) => 1;',
    'class A { constructor(a, b, c, d) {} }',
    'class A { m(a, b, c, d) {} }',
  ]) {
    assert.deepEqual(inside(text), ['a.ts:1 4 parameters, at most 3: use an options object'], text);
  }
});

test('[Y2] callbacks, signatures and `this` are not counted', () => {
  for (const text of [
    'text.replace(x, (a, b, c, d) => a);',
    'type F = (a, b, c, d) => void;',
    'function f(this: X, a, b, c) {}',
  ]) {
    assert.deepEqual(inside(text), [], text);
  }
});
