import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadConfig } from './load-config.ts';

test('[F7] reads the file and the secrets that the environment names', async context => {
  const directory = await filled(context, {
    'gateway.yaml': 'channels: [{ pattern: "**" }]',
    'signing-key-current': `${'k'.repeat(32)}\n`,
    'api-key': 'a'.repeat(16),
    unrelated: 'x',
  });
  const loaded = await loadConfig({
    KITTIWAKE_CONFIG: join(directory, 'gateway.yaml'),
    KITTIWAKE_SECRETS_DIR: directory,
  });
  assert(loaded.ok, 'the directory is complete');
  assert.deepEqual(loaded.value.auth.hs256, { current: 'k'.repeat(32) });
  assert.equal(loaded.value.secretsDirectory, directory);
});

test('[F1] a missing file and a missing directory are reported together', async () => {
  const loaded = await loadConfig({ KITTIWAKE_CONFIG: '/nowhere/x.yaml', KITTIWAKE_SECRETS_DIR: '/nowhere' });
  assert(!loaded.ok, 'nothing is there');
  assert.deepEqual(
    loaded.error.map(problem => problem.path),
    ['KITTIWAKE_CONFIG', 'KITTIWAKE_SECRETS_DIR'],
  );
});

test('[F6] a secret larger than any key is refused', async context => {
  const directory = await filled(context, {
    'gateway.yaml': 'channels: [{ pattern: "**" }]',
    'api-key': 'x'.repeat(20_000),
  });
  const loaded = await loadConfig({
    KITTIWAKE_CONFIG: join(directory, 'gateway.yaml'),
    KITTIWAKE_SECRETS_DIR: directory,
  });
  assert(!loaded.ok, 'the key is too large');
  assert.match(loaded.error[0]?.problem ?? '', /larger/);
});

async function filled(context: TestContext, files: { readonly [name: string]: string }): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kittiwake-config-'));
  context.after(() => rm(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return directory;
}
