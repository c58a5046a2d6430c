import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { VERSION } from './version.ts';

test('[O1] the version that a gateway tells is that of its package', async () => {
  const manifest = await readFile(join(import.meta.dirname, '../../package.json'), 'utf8');
  assert.equal(VERSION, (JSON.parse(manifest) as { readonly version: string }).version);
});
