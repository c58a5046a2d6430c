import assert from 'node:assert/strict';
import { test } from 'node:test';
import { found } from '../test/found.ts';
import { deadFiles } from './dead-files.ts';

test('[Y7] what no entry point reaches is dead, and so is what only tests or the dead reach', () => {
  const dead = found(deadFiles, {
    'services/gateway/src/main.ts': "import { a } from './a.ts';",
    'services/gateway/src/a.ts': "export { b } from './b.ts';",
    'services/gateway/src/b.ts': 'export const b = 1;',
    'services/gateway/src/c.ts': "import './d.ts';",
    'services/gateway/src/d.ts': 'export {};',
    'services/gateway/src/e.ts': 'export {};',
    'services/gateway/src/e.test.ts': "import './e.ts';",
  });
  assert.deepEqual(dead, [
    'services/gateway/src/c.ts:1 nothing imports this file',
    'services/gateway/src/d.ts:1 nothing imports this file',
    'services/gateway/src/e.ts:1 only tests import this file',
  ]);
});

test('[Y7] types, dynamic imports, packages and workers count as imports', () => {
  const dead = found(deadFiles, {
    'services/gateway/src/main.ts':
      "import type { A } from './a.ts'; await import('./b.ts'); new URL('./c.ts', import.meta.url); let d: import('./d.ts').D; import '@kittiwake/x/e';",
    'services/gateway/src/a.ts': '',
    'services/gateway/src/b.ts': '',
    'services/gateway/src/c.ts': '',
    'services/gateway/src/d.ts': '',
    'packages/x/src/e.ts': '',
  });
  assert.deepEqual(dead, []);
});

test('[Y7] what a package.json names is started by somebody', () => {
  const files = {
    'packages/x/package.json': '{ "exports": { ".": "./src/index.ts" }, "bin": { "x": "./src/x-cli.ts" } }',
    'packages/x/src/index.ts': '',
    'packages/x/src/x-cli.ts': '',
  };
  assert.deepEqual(found(deadFiles, files), []);
});

test('[Y7] what stands among the tests lives by them', () => {
  const files = {
    'services/gateway/test/sim.test.ts': "import './network.ts';",
    'services/gateway/test/network.ts': '',
  };
  assert.deepEqual(found(deadFiles, files), []);
  assert.equal(found(deadFiles, { 'services/gateway/test/network.ts': '' }).length, 1);
});
