import assert from 'node:assert/strict';
import { test } from 'node:test';
import { found } from '../test/found.ts';
import { bannedSyntax } from './banned-syntax.ts';

const count = (path: string, text: string): number => found(bannedSyntax, { [path]: text }).length;

test('[Y4] what cannot be erased, default exports and barrels are found', () => {
  for (const text of [
    'enum Color { Red }',
    'const enum Color { Red }',
    'namespace N { export const a = 1; }',
    'class A { constructor(private readonly b: string) {} }',
    'export default 1;',
    'export default function f() {}',
    "export { a } from './a.ts';",
    "export * from './a.ts';",
  ]) {
    assert.equal(count('services/gateway/src/a.ts', text), 1, text);
  }
});

test('[Y4] what may stay is left alone', () => {
  for (const text of [
    'declare global { interface Window { x: 1 } }',
    "declare module 'x' {}",
    'const a = 1; export { a };',
    'class A { constructor(b: string) {} }',
  ]) {
    assert.equal(count('services/gateway/src/a.ts', text), 0, text);
  }
});

test('[Y4] a package has a public door, and k6 calls a default export', () => {
  assert.equal(count('packages/client/src/index.ts', "export { a } from './a.ts';"), 0);
  assert.equal(count('load-tests/scenarios/latency.ts', 'export default function run() {}'), 0);
});
