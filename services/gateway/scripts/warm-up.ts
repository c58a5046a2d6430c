import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { assert, systemClock, systemRandom } from '@kittiwake/base';
import { createClient } from '@kittiwake/client';
import { TokenIssuer } from '../src/dev/token-issuer.ts';

/**
 * `node services/gateway/scripts/warm-up.ts DIRECTORY`: has the bundled gateway in DIRECTORY start, serve a conversation and
 * leave, so that what V8 compiles for these is kept beside it (ADR 0090). Run by gateway.Dockerfile.
 */
const [bundle] = process.argv.slice(2);
assert(bundle !== undefined, 'usage: node services/gateway/scripts/warm-up.ts DIRECTORY');

const EVENT = 'chat:message:send';
const CONFIG = {
  ports: { clients: 0, api: 0, operations: 0 },
  limits: { connections: 100, connectionsPerAddress: 100 },
  drain: { readinessDelay: '0ms', window: '2s', ratePerSecond: 100, grace: '30s' },
  broker: { kind: 'memory' },
  channels: [
    {
      pattern: '**',
      presence: true,
      history: { size: 10, age: '1m' },
      schemas: {
        [`${EVENT}@1`]: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
      },
    },
  ],
};

type Ports = { readonly clients: number; readonly operations: number };

const folder = await mkdtemp(join(tmpdir(), 'warm-up-'));
const key = systemRandom.hex(32);
await writeFile(join(folder, 'gateway.json'), JSON.stringify(CONFIG));
await writeFile(join(folder, 'signing-key-current'), key);
await writeFile(join(folder, 'api-key'), systemRandom.hex(32));
const gateway = spawn(process.execPath, [join(bundle, 'start.cjs'), 'gateway', '--write-code-cache'], {
  env: {
    PATH: process.env['PATH'],
    KITTIWAKE_CONFIG: join(folder, 'gateway.json'),
    KITTIWAKE_SECRETS_DIR: folder,
    KITTIWAKE_GATEWAY_ID: 'warm-up',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(gateway, 'exit');
const ports = await listening(gateway);
for (const path of ['readyz', 'livez', 'metrics', 'status'])
  await fetch(`http://127.0.0.1:${ports.operations}/${path}`);
await converse(ports);
gateway.kill('SIGTERM');
const [code] = await ended;
await rm(folder, { recursive: true });
assert(code === 0, 'the gateway leaves in good order');

/** The ports that it names when it listens; whatever else it says is shown. */
async function listening({ stdout }: ChildProcess): Promise<Ports> {
  assert(stdout !== null, 'its output is a pipe');
  for await (const line of createInterface(stdout)) {
    if (line.includes('"gateway.started"')) return JSON.parse(line);
    console.log(line);
  }
  throw new Error('the gateway ended before it listened');
}

/** Two clients, one message: what every client does first. */
async function converse({ clients }: Ports): Promise<void> {
  const system = { clock: systemClock, random: systemRandom };
  const issuer = new TokenIssuer({ ...system, issuer: 'kittiwake', audience: 'kittiwake', key });
  const heard = Promise.withResolvers<void>();
  const all = ['alice', 'bob'].map(user => {
    const client = createClient({
      url: `ws://127.0.0.1:${clients}/v1/ws`,
      token: async () => {
        const token = await issuer.issue({ user });
        assert(token.ok, 'the request for a token is well-formed');
        return token.value;
      },
    });
    return { client, channel: client.channel('chat:warm-up', { presence: { here: true } }) };
  });
  for (const { client, channel } of all) {
    client.connect();
    channel.on('publication', () => heard.resolve());
    const joined = await channel.join();
    assert(joined.ok, 'the channel lets everybody in');
  }
  const published = await all[0]?.channel.publish(EVENT, { text: 'hello' });
  assert(published?.outcome === 'acked', 'the publish is stored');
  await heard.promise;
  for (const { client } of all) client.close();
}
