import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

const ROOT = join(import.meta.dirname, '../../..');
const PAGE = join(ROOT, 'docs/client.md');
const COMPILER = join(ROOT, 'node_modules/ts7/bin/tsc');
const BLOCK = /^```(tsx?)\n(.*?)^```$/gms;

/** The examples of the page, by the name of a file. */
async function examples(): Promise<readonly (readonly [file: string, code: string])[]> {
  const blocks = [...(await readFile(PAGE, 'utf8')).matchAll(BLOCK)];
  return blocks.map(([, kind = 'ts', code = ''], index) => [`example-${index + 1}.${kind}`, code] as const);
}

/** What the compiler says about the files, under the options of the project. */
async function complaints(
  t: TestContext,
  files: readonly (readonly [string, string])[],
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kittiwake-docs-'));
  t.after(() => rm(folder, { recursive: true }));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const config = { extends: join(ROOT, 'tsconfig.json'), include: ['*.ts', '*.tsx'], exclude: [] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  for (const [file, code] of files) await writeFile(join(folder, file), code);
  const output = await new Promise<string>(resolve => {
    execFile(process.execPath, [COMPILER, '--noEmit', '-p', folder], (_, stdout) => resolve(stdout));
  });
  return output.split('\n').filter(line => line.includes('error'));
}

test('[K5, K10, K14, K15, K16] the examples of the documentation compile, and a wrong one would not', async t => {
  const files = await examples();
  assert.ok(files.length >= 7, `${files.length} examples`);
  const [[, first] = ['', '']] = files;
  const found = await complaints(t, [...files, ['wrong.ts', first.replace('data.text', 'data.txet')]]);
  assert.equal(found.length, 1, found.join('\n'));
  assert.match(found[0] ?? '', /wrong\.ts.*txet/);
});
