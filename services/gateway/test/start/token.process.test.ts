import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { createClient } from '@kittiwake/client';
import { ROOT, startDev } from '../support/started-dev.ts';

const CLI = join(ROOT, 'packages/cli/src/main.ts');

test('[V3, A5] a token of the command line joins what it names, and nothing else', async t => {
  const dev = await startDev(t, ['--port', '0']);
  const url = `http://localhost:${dev.ports[0]}`;
  const { code, out, error } = await kittiwake([
    'token',
    '--user',
    'alice',
    '--join',
    'chat:*',
    '--url',
    url,
  ]);
  assert.equal(code, 0, error);
  assert.match(error, /^alice · join chat:\* · until \S+ · development gateway http:\/\/localhost:\d+\n$/);
  const client = createClient({ url: `${url.replace('http', 'ws')}/v1/ws`, token: out.trim() });
  t.after(() => client.close());
  client.connect();
  assert.equal((await client.channel('chat:lobby').join()).ok, true);
  const refused = await client.channel('game:1').join();
  assert.equal(refused.ok ? 'joined' : refused.error.kind, 'forbidden');
});

test('[V3] the command that npm start prints works as it stands', async t => {
  const dev = await startDev(t, ['--port', '0']);
  const [, words] = /npx kittiwake (token .*)/.exec(dev.child.output()) ?? [];
  const args = String(words)
    .split(' ')
    .map(word => word.replace(/^'(.*)'$/, '$1'));
  const { code, out, error } = await kittiwake(args);
  assert.equal(code, 0, error);
  assert.equal(out.trim().split('.').length, 3);
});

test('[V5] what the gateway refuses is told with its reason', async t => {
  const dev = await startDev(t, ['--port', '0']);
  const url = `http://localhost:${dev.ports[0]}`;
  const { code, error } = await kittiwake([
    ...['token', '--user', 'alice', '--join', 'chat:*'],
    ...['--ttl', '7d', '--url', url],
  ]);
  assert.equal(code, 1);
  assert.match(error, /refused: .*`ttlSeconds` must be an integer from 1 to 86400/);
});

/** Runs the command line where there is no cluster. */
function kittiwake(args: readonly string[]): Promise<{ code: number; out: string; error: string }> {
  const env = { ...process.env, KUBECONFIG: '/nowhere', HOME: '/nowhere' };
  return new Promise(resolve => {
    const child = execFile(process.execPath, [CLI, ...args], { env }, (_problem, out, error) =>
      resolve({ code: child.exitCode ?? -1, out, error }),
    );
  });
}
