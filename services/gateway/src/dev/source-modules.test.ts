import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { SourceModules } from './source-modules.ts';

test('[V4] serves a source of the SDK without its types', async t => {
  const modules = await modulesOf(t);
  const code = await modules.read('packages/client/src/index.ts');
  assert.match(code ?? '', /^export const answer {8} = 42;/);
});

const OUTSIDE = [
  'packages/client/package.json',
  'packages/client/src/secret.json',
  'packages/client/src/../secret.ts',
  'packages/client/src/../../cli/src/main.ts',
  'packages/client/src-old/index.ts',
  'packages/cli/src/main.ts',
  'services/gateway/src/main.ts',
  '../outside.ts',
  '../../../../../../etc/passwd',
  '/etc/passwd',
  'packages/client/src/%2e%2e/secret.ts',
  'packages/client/src/..%2fsecret.ts',
  'packages/client/src/..\\secret.ts',
  'packages/client/src/missing.ts',
  'packages/client/src/a\0.ts',
  'packages/client/src',
  'packages/client/src/',
  'packages/client/src/.ts',
  '',
];

for (const path of OUTSIDE) {
  test(`[V4] does not serve ${JSON.stringify(path)}`, async t => {
    const modules = await modulesOf(t);
    assert.equal(await modules.read(path), undefined);
  });
}

test('[V4] a source that is no TypeScript is not served', async t => {
  const modules = await modulesOf(t);
  assert.equal(await modules.read('packages/client/src/broken.ts'), undefined);
});

test('[V4] what the page imports is there in the real tree', async () => {
  const modules = new SourceModules(join(import.meta.dirname, '../../../..'));
  for (const name of ['base', 'protocol', 'client'])
    assert.notEqual(await modules.read(`packages/${name}/src/index.ts`), undefined, name);
});

/** A tree with sources that are served, and others around them. */
async function modulesOf(t: TestContext): Promise<SourceModules> {
  const outer = await mkdtemp(join(tmpdir(), 'kittiwake-modules-'));
  t.after(() => rm(outer, { recursive: true, force: true }));
  const files = {
    'outside.ts': 'export const secret = 1;',
    'root/packages/client/src/index.ts': 'export const answer: number = 42;',
    'root/packages/client/src/broken.ts': 'export const = ;',
    'root/packages/client/src/secret.json': '{}',
    'root/packages/client/secret.ts': 'export const secret = 1;',
    'root/packages/client/package.json': '{}',
    'root/packages/client/src-old/index.ts': 'export const secret = 1;',
    'root/packages/cli/src/main.ts': 'export const secret = 1;',
    'root/services/gateway/src/main.ts': 'export const secret = 1;',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(outer, path, '..'), { recursive: true });
    await writeFile(join(outer, path), text);
  }
  return new SourceModules(join(outer, 'root'));
}
