/**
 * What the start of a gateway costs, in pairs: from the sources with Node's compile cache, and as the image starts it
 * (ADR 0090). Prints CPU ms of the process from exec until it serves, and its memory then. Linux only. Run: `npm run bench:start`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { assert } from '@kittiwake/base';

const ROUNDS = 12;
const ROOT = join(import.meta.dirname, '../../..');
const CONFIG = {
  ports: { clients: 0, api: 0, operations: 0 },
  limits: { connections: 100, connectionsPerAddress: 100 },
  drain: { readinessDelay: '0ms', window: '2s', ratePerSecond: 100, grace: '30s' },
  broker: { kind: 'memory' },
  channels: [{ pattern: 'chat:**' }],
};

const folder = mkdtempSync(join(tmpdir(), 'bench-start-'));
process.once('exit', () => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'gateway.json'), JSON.stringify(CONFIG));
writeFileSync(join(folder, 'signing-key-current'), 'a signing key for this benchmark only');
writeFileSync(join(folder, 'api-key'), 'an-api-key-for-this-benchmark-only');
const bundle = join(folder, 'bundle');
run('tools/images/bundle/main.ts', 'gateway', bundle);
run('services/gateway/scripts/warm-up.ts', bundle);

const SUBJECTS = [
  { name: 'sources', args: [join(ROOT, 'services/gateway/src/main.ts')] },
  { name: 'bundle', args: [join(bundle, 'start.cjs'), 'gateway'] },
] as const;

type Cost = { readonly cpuMs: number; readonly memoryMb: number };

const costs = new Map<string, Cost[]>();
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const { name, args } of SUBJECTS) {
    const cost = await start(args);
    // The first round fills the compile cache.
    if (round > 0) costs.set(name, [...(costs.get(name) ?? []), cost]);
  }
}
for (const [name, list] of costs) {
  const cpu = list.map(({ cpuMs }) => cpuMs).toSorted((a, b) => a - b);
  const memory = list.map(({ memoryMb }) => memoryMb).toSorted((a, b) => a - b);
  console.log(
    `${name.padEnd(8)} CPU ${ms(cpu, 0.5)} ms (${ms(cpu, 0)} to ${ms(cpu, 1)}), memory ${ms(memory, 0.5)} MB`,
  );
}

function ms(sorted: readonly number[], part: number): string {
  return (sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN).toFixed(0);
}

function run(...args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  assert(status === 0, `${args[0]} works`);
}

/** Starts a gateway, reads what it used when it says that it serves, and ends it in good order, so that Node keeps its cache. */
async function start(args: readonly string[]): Promise<Cost> {
  const child = spawn(process.execPath, args, {
    env: {
      NODE_COMPILE_CACHE: join(folder, 'compile-cache'),
      KITTIWAKE_CONFIG: join(folder, 'gateway.json'),
      KITTIWAKE_SECRETS_DIR: folder,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout);
  for await (const line of lines) if (line.includes('"gateway.started"')) break;
  const cost = costOf(child.pid ?? 0);
  child.kill('SIGTERM');
  await ended;
  return cost;
}

function costOf(pid: number): Cost {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map(thread =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpuMs: nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6,
    memoryMb: Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024,
  };
}
