/**
 * What clients that were away cost those that stayed, when all of them come back at once to histories of 6 kB publications:
 * three gateways and a Redis with as much memory as the test cluster gives it, all processes. Prints the latency of a
 * neighbour, from publish to receipt, and what became of publishes: before, and until everybody has what it missed.
 * Run: `npm run bench:catch-up`. Needs `redis-server`.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { delay, systemClock, systemRandom } from '@kittiwake/base';
import { type Child, type RedisServer, startChild, startRedis } from '@kittiwake/testkit';
import { WebSocket } from 'ws';
import { TokenIssuer } from '../src/dev/token-issuer.ts';
import type { CameBack, ComeBack } from './catch-up-clients.ts';

const GATEWAYS = 3;
const CHANNELS = ['bench:1', 'bench:2', 'bench:3', 'bench:4', 'bench:5'];
const KEPT = 1_000;
const BEHIND = 500;
const CLIENTS = 45;
const TEXT = 'kittiwake '.repeat(600);
const MAXMEMORY = process.env['MAXMEMORY'] ?? '80mb';
const EVERY_MS = 20;
const QUIET_MS = 8_000;
const AFTER_MS = 1_000;
const KEY = 'a-key-of-thirty-two-bytes-and-more';
const MAIN = join(import.meta.dirname, '../src/main.ts');

type Gateway = { readonly child: Child; readonly port: number; readonly api: number; readonly operations: number };

/** What was seen since it was asked last. */
class Seen {
  latenciesMs: number[] = [];
  answersMs: number[] = [];
  failed = new Map<string, number>();
  lagMs = 0;

  fail(kind: string): void {
    this.failed.set(kind, (this.failed.get(kind) ?? 0) + 1);
  }
}

let seen = new Seen();

async function startGateways(redis: RedisServer, folder: string): Promise<readonly Gateway[]> {
  const secrets = join(folder, 'secrets');
  await mkdir(secrets);
  for (const name of ['signing-key-current', 'api-key']) await writeFile(join(secrets, name), KEY);
  const config = join(folder, 'gateway.yaml');
  await writeFile(
    config,
    `ports: { clients: 0, api: 0, operations: 0 }
limits: { sessionsPerUser: 1000 }
broker: { kind: redis, url: "${redis.url}" }
channels:
  - { pattern: "bench:*", history: { size: ${KEPT}, age: 10m }, rate: { perSecond: 5000, burst: 5000 }, access: { join: everyone, publish: everyone } }
`,
  );
  const start = async (_: unknown, index: number): Promise<Gateway> => {
    const child = await startChild({
      command: process.execPath,
      args: [...(process.env['GATEWAY_FLAGS']?.split(' ') ?? []), MAIN],
      env: {
        KITTIWAKE_CONFIG: config,
        KITTIWAKE_SECRETS_DIR: secrets,
        KITTIWAKE_GATEWAY_ID: `gateway-${index + 1}`,
      },
      readyLine: /gateway\.started/,
      timeoutMs: 30_000,
    });
    const line = child.output().split('\n').find(text => text.includes('gateway.started'));
    const { clients, api, operations } = JSON.parse(line ?? '{}');
    return { child, port: clients, api, operations };
  };
  return Promise.all(Array.from({ length: GATEWAYS }, start));
}

async function publish(api: number, channel: string): Promise<{ offset: number; epoch: string } | undefined> {
  const startedMs = performance.now();
  const data = { sentNs: String(process.hrtime.bigint()), text: TEXT };
  const response = await fetch(`http://127.0.0.1:${api}/v1/publish`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel, event: 'bench:note:add', data }),
  });
  const answer = await response.json();
  seen.answersMs.push(performance.now() - startedMs);
  if (!response.ok) seen.fail(String(answer.error?.kind ?? answer.kind ?? response.status) + ' ' + String(answer.error?.message ?? answer.message));
  return answer.position;
}

/** A member that stays, and measures. */
async function stay(port: number, channel: string, token: string): Promise<void> {
  const ws = new WebSocket(`ws://127.0.0.1:${port}/v1/ws`, ['kittiwake.v1']);
  await once(ws, 'open');
  ws.send(JSON.stringify({ type: 'connect', ref: 1, protocol: 1, token }));
  ws.send(JSON.stringify({ type: 'join', ref: 2, channel }));
  await new Promise<void>(resolve => {
    ws.on('message', (data: Buffer) => {
      const head = data.subarray(0, 256).toString('latin1');
      if (head.includes('"type":"ping"')) ws.send(head.replace('ping', 'pong'));
      if (head.includes('"type":"joined"')) resolve();
      const sent = /"sentNs":"(\d+)"/.exec(head)?.[1];
      if (sent !== undefined) seen.latenciesMs.push(Number(process.hrtime.bigint() - BigInt(sent)) / 1e6);
    });
  });
}

async function lagOf({ operations }: Gateway): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${operations}/metrics`)).text();
  const line = text.split('\n').find(one => one.startsWith('kittiwake_event_loop_lag_seconds') && one.includes('"0.99"'));
  return 1_000 * Number(line?.split(' ').at(-1) ?? 0);
}

function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * q)] ?? Number.NaN;
}

function tell(what: string, { latenciesMs, answersMs, failed, lagMs }: Seen): void {
  const of = (values: readonly number[]): string =>
    [0.5, 0.99, 1].map(q => quantile(values, Math.min(q, 1 - 1 / values.length)).toFixed(1)).join(' / ');
  const failures = [...failed].map(([kind, count]) => `${count} ${kind}`).join(', ') || 'none';
  console.log(
    `${what.padEnd(6)} publish to receipt p50/p99/max ${of(latenciesMs)} ms (${latenciesMs.length}); ` +
      `publish to answer ${of(answersMs)} ms; failed: ${failures}; event-loop lag p99 ${lagMs.toFixed(0)} ms`,
  );
}

const folder = await mkdtemp(join(tmpdir(), 'kittiwake-catch-up-'));
const redis = await startRedis({ lines: [`maxmemory ${MAXMEMORY}`, 'maxmemory-policy noeviction'] });
const gateways = await startGateways(redis, folder);
const issued = await new TokenIssuer({ clock: systemClock, random: systemRandom, key: KEY, issuer: 'kittiwake', audience: 'kittiwake' }).issue({ user: 'all' });
if (!issued.ok) throw new Error(issued.error);
const token = issued.value;
const apis = gateways.map(({ api }) => api);
const positions = new Map<string, { offset: number; epoch: string }>();
for (let n = 0; n < KEPT; n += 10)
  await Promise.all(
    CHANNELS.map(async channel => {
      for (let m = n; m < n + 10; m += 1) {
        const position = await publish(apis[m % GATEWAYS] ?? 0, channel);
        if (position === undefined) throw new Error('not published');
        if (m === KEPT - BEHIND) positions.set(channel, position);
      }
    }),
  );
await Promise.all(gateways.flatMap(({ port }) => CHANNELS.map(channel => stay(port, channel, token))));
const returners = fork(new URL('./catch-up-clients.ts', import.meta.url));
setPriority(returners.pid ?? 0, 10);
let published = 0;
const underWay = new Set<Promise<unknown>>();
const pace = setInterval(() => {
  const work = publish(apis[published % GATEWAYS] ?? 0, CHANNELS[published % CHANNELS.length] ?? '').catch(() => seen.fail('fetch'));
  published += 1;
  underWay.add(work);
  void work.finally(() => underWay.delete(work));
}, EVERY_MS);
await delay(systemClock, 2_000);
seen = new Seen();
await delay(systemClock, QUIET_MS);
const quiet = seen;
quiet.lagMs = Math.max(...(await Promise.all(gateways.map(lagOf))));
tell('quiet', quiet);
const before = await redis.command('INFO', 'commandstats');
const memory = setInterval(async () => { const i = await redis.command('INFO', 'memory'); peak = Math.max(peak, Number(/used_memory:(\d+)/.exec(i)?.[1])); }, 20);
let peak = 0;
seen = new Seen();
const order: ComeBack = {
  ports: gateways.map(({ port }) => port),
  token,
  clients: CLIENTS,
  channels: CHANNELS.map(channel => ({ channel, position: positions.get(channel) ?? { offset: 0, epoch: '' } })),
};
const back = once(returners, 'message') as Promise<[CameBack]>;
returners.send(order);
const [came] = await back;
await delay(systemClock, AFTER_MS);
const during = seen;
clearInterval(pace);
clearInterval(memory);
await Promise.all(underWay);
const lags: number[] = [];
for (let n = 0; n < 5; n += 1) { lags.push(...(await Promise.all(gateways.map(lagOf)))); await delay(systemClock, 1_000); }
during.lagMs = Math.max(...lags);
tell('during', during);
const ratio = (of: (one: Seen) => readonly number[]): string => (quantile(of(during), 0.99) / quantile(of(quiet), 0.99)).toFixed(2);
console.log(
  `${CLIENTS} clients back in ${came.tookMs.toFixed(0)} ms with ${came.replayed} publications, ${came.refused} joins refused; ` +
    `p99 over quiet: receipt ${ratio(one => one.latenciesMs)} ×, answer ${ratio(one => one.answersMs)} ×; Redis memory peak ${(peak / 1048576).toFixed(0)} MiB`,
);
const after = await redis.command('INFO', 'commandstats');
const stat = (t: string) => Object.fromEntries([...t.matchAll(/cmdstat_(\w+):calls=(\d+),usec=(\d+)/g)].map(m => [m[1], [Number(m[2]), Number(m[3])]]));
const [a, b] = [stat(before), stat(after)];
for (const k of Object.keys(b)) console.log(k, b[k]![0] - (a[k]?.[0] ?? 0), ((b[k]![1] - (a[k]?.[1] ?? 0)) / 1000).toFixed(1) + ' ms');
returners.kill();
for (const { child } of gateways) child.signal('SIGINT'), child.signal('SIGINT'), await child.stop(5_000);
await redis.stop();
await rm(folder, { recursive: true, force: true });
process.exit(0);
