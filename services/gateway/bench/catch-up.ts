/**
 * What clients that were away cost those that stayed, when all of them come back at once to histories of 6 kB publications:
 * three gateways and a Redis with little memory, all processes. Prints what a neighbour waited from publish to receipt, what
 * became of publishes, and what Redis had to do: in a quiet time, and until everybody has what it missed.
 * Run: `npm run bench:catch-up`. Needs `redis-server`.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { delay, every, systemClock, systemRandom } from '@kittiwake/base';
import { WebSocket } from 'ws';
import { TokenIssuer } from '../src/dev/token-issuer.ts';
import { type GatewayProcesses, startGatewayProcesses } from '../test/support/gateway-processes.ts';
import type { CameBack, ComeBack, Position } from './catch-up-clients.ts';

const CHANNELS = ['bench:1', 'bench:2', 'bench:3', 'bench:4', 'bench:5'];
const KEPT = 1_000;
const BEHIND = 500;
const CLIENTS = 45;
const TEXT = 'kittiwake '.repeat(600);
const EVERY_MS = 20;
const SETTLE_MS = 2_000;
const QUIET_MS = 8_000;
/** Gateways export the lag of their last 5 s. */
const LAG_PERIOD_MS = 5_000;
const KEY = 'a-key-of-thirty-two-bytes-and-more';

/** What was seen since it was made. */
class Seen {
  readonly receiptMs: number[] = [];
  readonly answerMs: number[] = [];
  readonly failures: string[] = [];
  lagMs = 0;
}

const tier = await startGatewayProcesses({ gateways: 3, kept: KEPT, key: KEY });
const { redis, gateways } = tier;
let seen = new Seen();
let published = 0;

/** Publishes through one gateway after the other. */
async function publish(channel: string): Promise<Position> {
  const { api } = gateways[published % gateways.length] ?? none();
  published += 1;
  const startedMs = systemClock.monotonicMs();
  const data = { sentNs: String(process.hrtime.bigint()), text: TEXT };
  const response = await fetch(`http://127.0.0.1:${api}/v1/publish`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel, event: 'bench:note:add', data }),
  });
  const answer = await response.json();
  seen.answerMs.push(systemClock.monotonicMs() - startedMs);
  if (!response.ok) seen.failures.push(String(answer.error?.message ?? response.status));
  return answer.position;
}

/** Fills the histories; gives the position from which clients come back to each. */
async function fill(channel: string): Promise<Position> {
  let behind: Position | undefined;
  for (let n = 1; n <= KEPT; n += 1) {
    const position = await publish(channel);
    if (n === KEPT - BEHIND) behind = position;
  }
  return behind ?? none();
}

/** A member that stays, and measures. */
async function stay(
  { clients }: GatewayProcesses['gateways'][number],
  channel: string,
  token: string,
): Promise<void> {
  const ws = new WebSocket(`ws://127.0.0.1:${clients}/v1/ws`, ['kittiwake.v1']);
  await once(ws, 'open');
  ws.send(JSON.stringify({ type: 'connect', ref: 1, protocol: 1, token }));
  ws.send(JSON.stringify({ type: 'join', ref: 2, channel }));
  const { promise, resolve } = Promise.withResolvers<void>();
  ws.on('message', (data: Buffer) => {
    const head = data.subarray(0, 256).toString('latin1');
    if (head.includes('"type":"ping"')) ws.send(head.replace('ping', 'pong'));
    if (head.includes('"type":"joined"')) resolve();
    const sent = /"sentNs":"(\d+)"/.exec(head)?.[1];
    if (sent !== undefined) seen.receiptMs.push(Number(process.hrtime.bigint() - BigInt(sent)) / 1e6);
  });
  return promise;
}

/** 99th percentile of the last period of the gateway that was the latest. */
async function worstLagMs(): Promise<number> {
  const lags = gateways.map(async ({ operations }) => {
    const text = await (await fetch(`http://127.0.0.1:${operations}/metrics`)).text();
    const lines = text.split('\n').filter(line => line.startsWith('kittiwake_event_loop_lag_seconds'));
    return (
      1_000 *
      Number(
        lines
          .find(line => line.includes('"0.99"'))
          ?.split(' ')
          .at(-1),
      )
    );
  });
  return Math.max(...(await Promise.all(lags)));
}

async function redisInfo(section: string, pattern: RegExp): Promise<number> {
  return Number(pattern.exec(await redis.command('INFO', section))?.[1] ?? 0);
}

const scriptsMs = async () =>
  (await redisInfo('commandstats', /cmdstat_evalsha:calls=\d+,usec=(\d+)/)) / 1_000;

function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * q)] ?? Number.NaN;
}

function tell(what: string, { receiptMs, answerMs, failures, lagMs }: Seen): void {
  const of = (values: readonly number[]): string =>
    [0.5, 0.99, 1].map(q => quantile(values, q).toFixed(1)).join(' / ');
  console.log(
    `${what.padEnd(6)} publish to receipt p50 / p99 / most ${of(receiptMs)} ms; to answer ${of(answerMs)} ms; ` +
      `${failures.length} publishes failed${failures.length > 0 ? ` (${[...new Set(failures)].join(', ')})` : ''}; ` +
      `event-loop lag p99 ${lagMs.toFixed(0)} ms`,
  );
}

function none(): never {
  throw new Error('there is none');
}

/** What is seen while `work` is done. */
async function seenWhile(work: () => Promise<unknown>): Promise<Seen> {
  const now = new Seen();
  seen = now;
  await work();
  for (let waitedMs = 0; waitedMs <= LAG_PERIOD_MS; waitedMs += 1_000) {
    now.lagMs = Math.max(now.lagMs, await worstLagMs());
    await delay(systemClock, 1_000);
    // What comes from here on is not of this time.
    seen = new Seen();
  }
  return now;
}

const issuer = {
  clock: systemClock,
  random: systemRandom,
  key: KEY,
  issuer: 'kittiwake',
  audience: 'kittiwake',
};
const issued = await new TokenIssuer(issuer).issue({ user: 'all' });
if (!issued.ok) throw new Error(issued.error);
const token = issued.value;
const channels = await Promise.all(
  CHANNELS.map(async channel => ({ channel, position: await fill(channel) })),
);
await Promise.all(gateways.flatMap(gateway => CHANNELS.map(channel => stay(gateway, channel, token))));
const clients = fork(new URL('./catch-up-clients.ts', import.meta.url));
const pace = every(systemClock, EVERY_MS, () => {
  const channel = CHANNELS[published % CHANNELS.length] ?? none();
  publish(channel).catch((reason: unknown) => seen.failures.push(String(reason)));
});
await delay(systemClock, SETTLE_MS);
const quiet = await seenWhile(() => delay(systemClock, QUIET_MS));
tell('quiet', quiet);

const [peakBefore, scriptsBefore] = [await redisInfo('memory', /used_memory_peak:(\d+)/), await scriptsMs()];
const back = once(clients, 'message') as Promise<[CameBack]>;
const ports = gateways.map(gateway => gateway.clients);
const during = await seenWhile(() => {
  clients.send({ ports, token, clients: CLIENTS, channels } satisfies ComeBack);
  return back;
});
tell('during', during);
pace.cancel();
const [came] = await back;
const peakBytes = (await redisInfo('memory', /used_memory_peak:(\d+)/)) - peakBefore;
const ratio = (of: 'receiptMs' | 'answerMs'): string =>
  (quantile(during[of], 0.99) / quantile(quiet[of], 0.99)).toFixed(2);
console.log(
  `p99 over quiet: receipt ${ratio('receiptMs')} ×, answer ${ratio('answerMs')} ×; ` +
    `Redis: ${(peakBytes / 1_048_576).toFixed(1)} MiB more at its peak, ${((await scriptsMs()) - scriptsBefore).toFixed(0)} ms in scripts; ` +
    `${CLIENTS} clients back in ${came.tookMs.toFixed(0)} ms with ${came.replayed} publications, ${came.refused} joins refused`,
);
clients.kill();
await tier.stop();
process.exit(0);
