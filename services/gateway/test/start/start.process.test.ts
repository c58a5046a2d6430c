import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { freePort } from '@kittiwake/testkit';
import { expectConversation } from '../support/conversation.ts';
import { freePortRange } from '../support/free-port-range.ts';
import { ROOT, type StartedDev, startCommand, startDev } from '../support/started-dev.ts';

const UP_MS_MAX = 2_000;
/** Other tests run on the same cores: the best of these counts. */
const STARTS_MAX = 5;

test('[V1] three gateways serve the page in under 2 s and share their channels', async t => {
  const port = await freePortRange(3);
  const start = (): Promise<StartedDev> => startDev(t, ['--gateways', '3', '--port', String(port)]);
  let dev = await start();
  for (let starts = 1; dev.upMs >= UP_MS_MAX && starts < STARTS_MAX; starts += 1) {
    await dev.child.stop();
    dev = await start();
  }
  assert.deepEqual(dev.ports, [port, port + 1, port + 2]);
  assert.ok(dev.upMs < UP_MS_MAX, `up in ${dev.upMs} ms`);
  const tookMs = await expectConversation(dev.client('alice', 0), dev.client('bob', 2), 'chat:lobby');
  t.diagnostic(`first 200 after ${Math.round(dev.upMs)} ms; publish to deliver ${tookMs.map(Math.round)} ms`);
});

test('[V1] it prints no warning, and ends with SIGTERM', async t => {
  const dev = await startDev(t, ['--port', '0']);
  const module = `http://127.0.0.1:${dev.ports[0]}/modules/packages/client/src/index.ts`;
  assert.equal((await fetch(module)).status, 200);
  assert.equal(await dev.child.stop(), 0);
  assert.doesNotMatch(dev.child.output(), /Warning/);
});

test('[V1] the publish that it prints can be pasted', async t => {
  const dev = await startDev(t, ['--port', '0']);
  const [, key] = /Bearer ([0-9a-f]+)/.exec(dev.child.output()) ?? [];
  const [, body, url] = /-d '(\{.*\})' (http:\S+)/.exec(dev.child.output()) ?? [];
  const response = await fetch(String(url), {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: String(body),
  });
  assert.equal(response.status, 200, await response.text());
});

test('[V2] a port that is taken is named, and nothing is left behind', async t => {
  const dev = await startDev(t, ['--port', String(await freePortRange(2))]);
  const { code, output } = await run(t, ['--port', String(dev.ports[0])]);
  assert.equal(code, 1);
  assert.match(output, /^Port \d+ is taken[\s\S]*npm start -- --port/);
});

test('[V2] wrong options are told with the help', async t => {
  const { code, output } = await run(t, ['--gateways', 'many']);
  assert.equal(code, 2);
  assert.match(output, /^--gateways must be a number from 1 to 16\n[\s\S]*npm start -- --gateways 3/);
});

test('[V2] a Redis that is not there is told at once', async t => {
  const { code, output } = await run(t, ['--port', '0', '--redis', `redis://127.0.0.1:${await freePort()}`]);
  assert.equal(code, 1);
  assert.match(output, /^No Redis answers:\n {2}127\.0\.0\.1:\d+ {2}ECONNREFUSED\n/);
});

test('[V2] help is not an error', async t => {
  const { code, output } = await run(t, ['--help']);
  assert.equal(code, 0);
  assert.match(output, /--sentinel HOST:PORT/);
});

/** Runs it to its end. */
async function run(
  t: TestContext,
  args: readonly string[],
): Promise<{ code: number | null; output: string }> {
  const [command, ...script] = await startCommand();
  const child = spawn(command, [...script, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const chunks: Buffer[] = [];
  child.stdout.on('data', chunk => chunks.push(chunk));
  child.stderr.on('data', chunk => chunks.push(chunk));
  const [code] = await once(child, 'close');
  return { code, output: Buffer.concat(chunks).toString() };
}
