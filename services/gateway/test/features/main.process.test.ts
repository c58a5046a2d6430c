import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import { PROTOCOL_VERSION, SUBPROTOCOL } from '@kittiwake/protocol';
import { until } from '@kittiwake/testkit';
import { WebSocket } from 'ws';
import { within } from '../support/deadline.ts';
import { TEST_API_KEY } from '../support/test-config.ts';
import { TestPeer } from '../support/test-peer.ts';
import { TEST_SIGNING_KEY, tokenFor } from '../support/test-token.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const PORTS = 'ports: { clients: 0, api: 0, operations: 0 }\n';
const QUICK = `${PORTS}limits: { connections: 100, connectionsPerAddress: 100 }
drain: { readinessDelay: 100ms, window: 2s, ratePerSecond: 100, grace: 30s }
channels: [{ pattern: "**", history: { size: 10, age: 1m } }]
`;
const SLOW = QUICK.replace('100ms, window: 1500ms', '10s, window: 10s');

test('[F1] a bad configuration file: every problem in one message with its path, and exit 1', async t => {
  const process = await startMain(
    t,
    `ports: { clients: 99999 }
limits: { conections: 5 }
drain: { window: soon }
channels:
  - pattern: "chat:**"
    presence: maybe
  - pattern: "game:**"
    schemas: { "a:b:c@1": { type: strnig } }
`,
  );
  assert.equal(await process.exit, 1);
  const output = process.output();
  for (const path of ['ports.clients', 'limits.conections', 'drain.window', 'channels[0].presence'])
    assert.ok(output.includes(path), `${path} is in: ${output}`);
  assert.match(output, /channels\[1\]\.schemas/);
  assert.match(output, /gateway\.yaml/);
  assert.doesNotMatch(output, /\n\s+at /, 'no stack');
});

test('[D1][D2] SIGTERM hands the sessions over and exits 0', async t => {
  const process = await startMain(t, QUICK);
  const peer = await process.connect();
  process.kill('SIGTERM');
  const goaway = await peer.expectMessage('goaway');
  assert.equal(goaway.reason, 'drain');
  await peer.expectClosed(4450);
  assert.equal(await process.exit, 0);
  assert.doesNotMatch(process.output(), /"level":"error"/);
});

test('[D4] a second SIGTERM ends at once', async t => {
  const process = await startMain(t, SLOW);
  const peer = await process.connect();
  process.kill('SIGTERM');
  await until(() => process.output().includes('drain.started'));
  const startedMs = systemClock.monotonicMs();
  process.kill('SIGTERM');
  await peer.expectClosed(4450);
  assert.equal(await process.exit, 0);
  assert.ok(systemClock.monotonicMs() - startedMs < 4_000);
});

test('[D1] SIGTERM before any client came exits 0', async t => {
  const process = await startMain(t, QUICK);
  await process.ports();
  process.kill('SIGTERM');
  assert.equal(await process.exit, 0);
});

test('[X6] nothing that a client sends ends the process or is its error', async t => {
  const process = await startMain(t, QUICK);
  const { clients } = await process.ports();
  const frames = ['', '{', '[]', 'null', '{"type":"connect"}', '{"type":{}}', `${'['.repeat(60_000)}`];
  for (const frame of frames) {
    const ws = new WebSocket(`ws://127.0.0.1:${clients}/v1/ws`, [SUBPROTOCOL.json]);
    await once(ws, 'open');
    ws.send(frame);
    await once(ws, 'close');
  }
  const peer = await process.connect();
  for (const frame of frames) peer.sendRaw(frame);
  await peer.roundTrip();
  assert.doesNotMatch(process.output(), /process\.uncaught|assertion_failed|unexpected_error/);
  process.kill('SIGTERM');
  assert.equal(await process.exit, 0);
});

test('[F1] a port that is taken is named, and exits 1', async t => {
  const first = await startMain(t, QUICK);
  const { clients } = await first.ports();
  const second = await startMain(t, QUICK.replace('clients: 0', `clients: ${clients}`));
  assert.equal(await second.exit, 1);
  assert.match(second.output(), new RegExp(`EADDRINUSE.*${clients}`));
});

type Ports = { readonly clients: number; readonly api: number; readonly operations: number };

/** The gateway as its image starts it, with `config` as its file; killed with the test. */
async function startMain(t: TestContext, config: string) {
  const directory = await mkdtemp(join(tmpdir(), 'gateway-'));
  t.after(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'gateway.yaml'), config);
  await writeFile(join(directory, 'signing-key-current'), TEST_SIGNING_KEY);
  await writeFile(join(directory, 'api-key'), TEST_API_KEY);
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...process.env,
      KITTIWAKE_CONFIG: join(directory, 'gateway.yaml'),
      KITTIWAKE_SECRETS_DIR: directory,
      KITTIWAKE_GATEWAY_ID: 'gateway-x',
    },
  });
  t.after(() => void child.kill('SIGKILL'));
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  const ports = (): Promise<Ports> =>
    until(() => portsIn(text), { timeoutMs: 15_000, what: 'a gateway that listens' });
  return {
    exit: within(exit, () => `the end of the process; it said ${text}`, 20_000),
    output: () => text,
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
    ports,
    connect: async () => connectTo(t, await ports()),
  };
}

function portsIn(output: string): Ports | undefined {
  const line = output.split('\n').find(text => text.includes('gateway.started'));
  return line === undefined ? undefined : (JSON.parse(line) as Ports);
}

async function connectTo(t: TestContext, { clients }: Ports): Promise<TestPeer> {
  const ws = new WebSocket(`ws://127.0.0.1:${clients}/v1/ws`, [SUBPROTOCOL.json]);
  const peer = new TestPeer(ws);
  t.after(() => ws.terminate());
  await once(ws, 'open');
  const token = await tokenFor(systemClock, 'alice');
  await peer.ask({ type: 'connect', protocol: PROTOCOL_VERSION, token }, 'connected');
  return peer;
}
