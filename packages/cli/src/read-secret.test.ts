import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import { freePort } from '@kittiwake/testkit';
import { createReadSecret } from './read-secret.ts';

test('[X1] a kubeconfig that is not there is named', async t => {
  const problem = await problemWith(t, undefined);
  assert.match(problem?.message ?? '', /^Your kubeconfig cannot be read: .*kubeconfig: ENOENT\.$/);
  assert.match(problem?.next ?? '', /^Set KUBECONFIG/);
});

test('[X1] a kubeconfig that is no YAML is told in one line', async t => {
  const problem = await problemWith(t, 'not: [yaml');
  assert.match(problem?.message ?? '', /^Your kubeconfig cannot be read: [^\n]+\.$/);
});

test('[X1] a cluster that does not answer is named, with the reason', async t => {
  const server = `https://127.0.0.1:${await freePort()}`;
  const problem = await problemWith(t, kubeconfig(server));
  assert.equal(
    problem?.message,
    `The cluster of your kubeconfig cannot be reached: ${server}: ECONNREFUSED.`,
  );
});

/** What reading a Secret fails with, where the kubeconfig has this text. */
async function problemWith(t: TestContext, text: string | undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'kittiwake-kubeconfig-'));
  const file = join(folder, 'kubeconfig');
  if (text !== undefined) await writeFile(file, text);
  const before = process.env['KUBECONFIG'];
  process.env['KUBECONFIG'] = file;
  t.after(() => {
    if (before === undefined) delete process.env['KUBECONFIG'];
    else process.env['KUBECONFIG'] = before;
    return rm(folder, { recursive: true, force: true });
  });
  const secret = await createReadSecret(systemClock)('kittiwake', 'kittiwake-signing-keys');
  return secret.ok ? undefined : secret.error;
}

function kubeconfig(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
    users: [{ name: 'test', user: { token: 'a-token' } }],
  });
}
