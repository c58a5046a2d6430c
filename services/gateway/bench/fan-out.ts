/**
 * Compares, in one run and interleaved, `ws.send` per member with our path: K publications per tick to N subscribers on
 * this machine. Prints CPU µs per delivery of the sender, and the ratio of each round's pair. Run: `npm run bench:fan-out`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { systemClock } from '@kittiwake/base';
import { type WebSocket, WebSocketServer } from 'ws';
import { createRecordingMetrics } from '../src/metrics/recording-metrics.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { createClientServer } from '../src/transport/client-server.ts';
import type { Frame, Peer } from '../src/transport/peer-handler.ts';
import { DEFAULT_TRANSPORT_LIMITS } from '../src/transport/transport-limits.ts';
import { LET_ALL_IN } from './let-all-in.ts';
import type { ReceiverCommand } from './receiver.ts';

const ROUNDS = 7;
/** Deliveries of one round, so that every row takes about as long. */
const DELIVERIES = 48_000;
const PAYLOAD_BYTES = 64;

/** One way to send: it is done when everything was handed to the kernel. */
type Subject = { readonly port: number; publish(k: number): Promise<void>; stop(): Promise<void> };

async function plainWs(): Promise<Subject> {
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    perMessageDeflate: false,
    clientTracking: false,
  });
  const members = new Set<WebSocket>();
  server.on('connection', ws => members.add(ws));
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    async publish(k) {
      for (let n = 0; n < k; n += 1) {
        const payload = Buffer.alloc(PAYLOAD_BYTES, 'x');
        for (const member of members) member.send(payload, { binary: false });
      }
      await turn();
    },
    async stop() {
      for (const member of members) member.terminate();
      server.close();
    },
  };
}

async function ours(): Promise<Subject> {
  const members = new Set<Peer>();
  let turns = 0;
  const server = createClientServer({
    clock: systemClock,
    metrics: createRecordingMetrics(),
    log: silentLogger,
    limits: DEFAULT_TRANSPORT_LIMITS,
    admission: LET_ALL_IN,
    turnAway: peer => peer.close(1013, 'try_again_later'),
    defer(callback) {
      turns += 1;
      setImmediate(() => {
        turns -= 1;
        callback();
      });
    },
    accept(peer) {
      members.add(peer);
      return { receive: () => {}, closed: () => void members.delete(peer) };
    },
  });
  const port = await server.start(0, '127.0.0.1');
  return {
    port,
    async publish(k) {
      for (let n = 0; n < k; n += 1) {
        const frame: Frame = { format: 'json', payload: Buffer.alloc(PAYLOAD_BYTES, 'x') };
        for (const member of members) member.send(frame);
      }
      do await turn();
      while (turns > 0);
    },
    stop: () => server.stop(),
  };
}

function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

async function ask(receiver: ChildProcess, command: ReceiverCommand): Promise<void> {
  const answered = once(receiver, 'message');
  receiver.send(command);
  await answered;
}

/** CPU microseconds per delivery of one round (time on the wall would measure the neighbours too); between ticks it waits until the receiver has counted every frame. */
async function measure(
  subject: Subject,
  receiver: ChildProcess,
  load: { n: number; k: number; from: number },
) {
  let spentUs = 0;
  for (let tick = 1; tick <= ticksOf(load); tick += 1) {
    const before = process.cpuUsage();
    await subject.publish(load.k);
    const { user, system } = process.cpuUsage(before);
    spentUs += user + system;
    await ask(receiver, { do: 'expect', frames: load.from + tick * load.n * load.k });
  }
  return spentUs / (ticksOf(load) * load.n * load.k);
}

async function compare(n: number, k: number): Promise<void> {
  const receiver = fork(new URL('./receiver.ts', import.meta.url));
  const subjects = [await plainWs(), await ours()] as const;
  for (const { port } of subjects) await ask(receiver, { do: 'connect', port, subscribers: n });
  const pairs: (readonly [ws: number, ours: number])[] = [];
  let counted = 0;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const ws = await measure(subjects[0], receiver, { n, k, from: counted });
    counted += ticksOf({ n, k }) * n * k;
    const own = await measure(subjects[1], receiver, { n, k, from: counted });
    counted += ticksOf({ n, k }) * n * k;
    // The first round warms the compiler up.
    if (round > 0) pairs.push([ws, own]);
  }
  await ask(receiver, { do: 'disconnect' });
  for (const subject of subjects) await subject.stop();
  receiver.kill();
  const ratio = median(pairs.map(([ws, own]) => ws / own));
  const cells = [n, k, median(pairs.map(([ws]) => ws)), median(pairs.map(([, own]) => own)), ratio];
  console.log(
    cells.map(cell => (Number.isInteger(cell) ? `${cell}` : cell.toFixed(2)).padStart(12)).join(''),
  );
}

function ticksOf({ n, k }: { n: number; k: number }): number {
  return Math.max(1, Math.round(DELIVERIES / (n * k)));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

console.log(
  `CPU µs per delivery, ${PAYLOAD_BYTES} B, medians of ${ROUNDS} interleaved rounds of ${DELIVERIES} deliveries`,
);
console.log(
  ['subscribers', 'per tick', 'ws.send', 'kittiwake', 'ws ÷ ours'].map(cell => cell.padStart(12)).join(''),
);
for (const n of [200, 1_000]) {
  for (const k of [1, 16]) await compare(n, k);
}
