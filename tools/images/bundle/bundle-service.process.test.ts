import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, type TestContext, test } from 'node:test';
import { bundleService } from './bundle-service.ts';
import type { Service } from './programs.ts';

/** Files that Node loads for a start: the launcher, the program, and the bundler's helpers. From the sources it is 1,594. */
const FILES_MAX = 4;
/** Says from where it first listens, and at the end what was loaded; the launcher runs the program, which no hook sees. */
const COUNTER = `
import { registerHooks } from 'node:module';
import { Server } from 'node:net';
const { listen } = Server.prototype;
Server.prototype.listen = function (...args) {
  Server.prototype.listen = listen;
  process.stdout.write(new Error('listens').stack + '\\n');
  return listen.apply(this, args);
};
const files = [];
registerHooks({ load(url, context, next) { if (url.startsWith('file:')) files.push(url); return next(url, context); } });
process.on('exit', () => {
  const undici = process.moduleLoadList.some(name => name.endsWith('undici/undici'));
  process.stderr.write(JSON.stringify({ files, undici }) + '\\n');
});
`;
const CONFIG = {
  ports: { clients: 0, api: 0, operations: 0 },
  limits: { connections: 100, connectionsPerAddress: 100 },
  drain: { readinessDelay: '0ms', window: '2s', ratePerSecond: 100, grace: '30s' },
  broker: { kind: 'memory' },
  channels: [{ pattern: '**' }],
};
const API_KEY = 'an-api-key-for-tests-only';

const root = await mkdtemp(join(tmpdir(), 'bundles-'));
after(() => rm(root, { recursive: true }));
for (const service of ['gateway', 'controller'] as const) await bundleService(service, join(root, service));

test('[G12] a bundled gateway starts from a handful of files, answers, and leaves in good order', async t => {
  const directory = await copyOf('gateway');
  const first = await startGateway(t, directory, { launcher: ['--write-code-cache'] });
  assert.equal((await fetch(`http://127.0.0.1:${first.ports.operations}/readyz`)).status, 200);
  const metrics = await fetch(`http://127.0.0.1:${first.ports.operations}/metrics`);
  assert.match(await metrics.text(), /^kittiwake_build_info\{version="\d+\.\d+\.\d+",node="v\d+/m);
  const end = await first.end();
  assert.equal(end.code, 0, end.errors);
  const { files, undici } = JSON.parse(end.errors);
  assert.ok(files.length + 1 <= FILES_MAX, `${files.length + 1} files: ${files.join(' ')}`);
  assert.equal(undici, false, 'what HTTP clients need of Node is not loaded for a start');

  // With what V8 kept of the first: it fits, or there would be a warning.
  const second = await startGateway(t, directory);
  assert.equal((await fetch(`http://127.0.0.1:${second.ports.operations}/livez`)).status, 200);
  assert.doesNotMatch((await second.end()).errors, /Warning/);
});

test('[G12] a bundled gateway loads its HTTP API for the first who calls, and runs no second gateway for it', async t => {
  const gateway = await startGateway(t, join(root, 'gateway'));
  const answer = await fetch(`http://127.0.0.1:${gateway.ports.api}/v1/publish`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: 'chat:a', event: 'chat:message:send', data: { text: 'hello' } }),
  });
  assert.equal(answer.status, 200, await answer.text());
  assert.equal((await gateway.end()).code, 0);
  assert.equal(gateway.lines().filter(line => line.includes('gateway.started')).length, 1);
});

test('[G12] a cache of another Node is told of and does no harm', async t => {
  const directory = await copyOf('gateway');
  await writeFile(join(directory, 'gateway.cache'), 'not what V8 wrote');
  const gateway = await startGateway(t, directory);
  const end = await gateway.end();
  assert.equal(end.code, 0);
  assert.match(end.errors, /Warning: \S+gateway\.cache is of another Node/);
});

test('[G12] stack traces name functions, and with maps the sources', async t => {
  const directory = join(root, 'gateway');
  const bundled = await startGateway(t, directory);
  await bundled.end();
  assert.match(bundled.lines().join('\n'), /^ {4}at WiredGateway\.start \(\S+\/gateway\.cjs:\d+/m);
  const mapped = await startGateway(t, directory, { node: ['--enable-source-maps'] });
  assert.equal((await mapped.end()).code, 0);
  const source = /^ {4}at WiredGateway\.start \(\S+\/services\/gateway\/src\/wiring\/gateway\.ts:(\d+)/m;
  const [, line] = source.exec(mapped.lines().join('\n')) ?? [];
  const sources = await readFile(
    join(import.meta.dirname, '../../../services/gateway/src/wiring/gateway.ts'),
    'utf8',
  );
  assert.match(sources.split('\n')[Number(line) - 1] ?? '', /operations\.start\(/);
});

for (const program of ['controller', 'bootstrap']) {
  test(`[G12] the bundled ${program} says what it lacks`, async () => {
    const child = spawn(process.execPath, [join(root, 'controller/start.cjs'), program], { env: {} });
    const errors = collect(child);
    const [code] = await once(child, 'close');
    assert.equal(code, 1);
    assert.match(errors(), /^POD_NAMESPACE is required$/m);
  });
}

test('[G12] licenses of what is inside are kept', async () => {
  const licenses = await readFile(join(root, 'gateway/LICENSES'), 'utf8');
  assert.match(licenses, /^=== ioredis \d/m);
  assert.match(licenses, /^=== ws \d[^\n]*\(MIT\)\n\nCopyright/m);
});

/** For tests that write beside the programs. */
async function copyOf(service: Service): Promise<string> {
  const directory = await mkdtemp(join(root, 'copy-'));
  await cp(join(root, service), directory, { recursive: true });
  return directory;
}

type Ports = { readonly clients: number; readonly api: number; readonly operations: number };

/** The gateway as its image starts it, with what it loads counted. */
async function startGateway(
  t: TestContext,
  directory: string,
  {
    node = [],
    launcher = [],
  }: { readonly node?: readonly string[]; readonly launcher?: readonly string[] } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'gateway.json'), JSON.stringify(CONFIG));
  await writeFile(join(folder, 'counter.mjs'), COUNTER);
  await writeFile(join(folder, 'signing-key-current'), 'a signing key for tests only, long enough');
  await writeFile(join(folder, 'api-key'), API_KEY);
  const program = [join(directory, 'start.cjs'), 'gateway', ...launcher];
  const args = [...node, '--import', join(folder, 'counter.mjs'), ...program];
  const child = spawn(process.execPath, args, {
    env: { KITTIWAKE_CONFIG: join(folder, 'gateway.json'), KITTIWAKE_SECRETS_DIR: folder },
  });
  t.after(() => void child.kill('SIGKILL'));
  const errors = collect(child);
  const closed = once(child, 'close');
  const lines: string[] = [];
  const ports = await new Promise<Ports>((resolve, reject) => {
    createInterface(child.stdout).on('line', line => {
      lines.push(line);
      if (line.includes('"gateway.started"')) resolve(JSON.parse(line));
    });
    void closed.then(() => reject(new Error(`it ended before it listened: ${errors()}`)));
  });
  return {
    ports,
    lines: (): readonly string[] => lines,
    end: async () => {
      child.kill('SIGTERM');
      const [code] = await closed;
      return { code, errors: errors() };
    },
  };
}

function collect({ stderr }: ChildProcess): () => string {
  let text = '';
  stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return () => text;
}
