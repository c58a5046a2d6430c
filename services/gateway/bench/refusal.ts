/**
 * What a storm costs a gateway: CPU µs of the process per attempt (accept, read, parse, answer, close) where everybody is
 * refused, where browsers are told, and where everybody is let in. Run: `npm run bench:refusal`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { systemClock } from '@kittiwake/base';
import { createPrometheusMetrics } from '../src/metrics/prometheus-metrics.ts';
import { turnAway } from '../src/session/turn-away.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { type ClientServer, createClientServer } from '../src/transport/client-server.ts';
import { DEFAULT_TRANSPORT_LIMITS } from '../src/transport/transport-limits.ts';
import type { TurnstileAdmission } from '../src/transport/turnstile.ts';
import type { KnockerCommand } from './knocker.ts';
import { LET_ALL_IN } from './let-all-in.ts';

const ATTEMPTS = 5_000;
const ABREAST = 64;
const ROUNDS = 7;
const ORIGIN = 'Origin: https://app.example\r\n';

/** Nobody may come. */
const LET_NOBODY_IN: TurnstileAdmission = { ...LET_ALL_IN, ask: () => false };

const SUBJECTS = [
  { name: '503 with Retry-After', admission: LET_NOBODY_IN, headers: '', leavesAt: 'answer' },
  { name: 'goaway and 1013', admission: LET_NOBODY_IN, headers: ORIGIN, leavesAt: 'close-frame' },
  { name: 'let in, and gone', admission: LET_ALL_IN, headers: '', leavesAt: 'answer' },
] as const;

function serverOf(admission: TurnstileAdmission): ClientServer {
  return createClientServer({
    clock: systemClock,
    metrics: createPrometheusMetrics({ runtime: false }),
    log: silentLogger,
    limits: { ...DEFAULT_TRANSPORT_LIMITS, origins: ['*'] },
    admission,
    turnAway,
    accept: () => ({ receive: () => {}, closed: () => {} }),
  });
}

async function ask(knocker: ChildProcess, command: KnockerCommand): Promise<void> {
  const answered = once(knocker, 'message');
  knocker.send(command);
  await answered;
}

const knocker = fork(new URL('./knocker.ts', import.meta.url));
const spent = new Map<string, number[]>();
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const { name, admission, headers, leavesAt } of SUBJECTS) {
    const server = serverOf(admission);
    const port = await server.start(0, '127.0.0.1');
    const before = process.cpuUsage();
    await ask(knocker, { port, attempts: ATTEMPTS, abreast: ABREAST, headers, leavesAt });
    const { user, system } = process.cpuUsage(before);
    await server.stop();
    // The first round warms the compiler up.
    if (round > 0) spent.set(name, [...(spent.get(name) ?? []), (user + system) / ATTEMPTS]);
  }
}
knocker.kill();
console.log(`CPU µs per attempt, medians of ${ROUNDS} interleaved rounds of ${ATTEMPTS} attempts`);
for (const [name, micros] of spent) {
  const median = micros.toSorted((a, b) => a - b)[Math.floor(micros.length / 2)] ?? Number.NaN;
  console.log(
    `${name.padEnd(24)}${median.toFixed(1).padStart(8)} µs${`${Math.round(1e6 / median)}`.padStart(9)} /s and core`,
  );
}
