/**
 * What 5 % of members that stop reading cost their neighbours and their gateway: two gateways side by side at the same time,
 * one with such members and one without, which change parts each round, so that what else the machine does is the same for
 * both. Prints the latency of members that read, from publish to receipt, and the memory of the gateways.
 * Run: `npm run bench:slow-consumers`; with `-- conflate` in a channel that conflates.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { delay, systemClock } from '@kittiwake/base';
import type { AudienceAnswer, AudienceCommand } from './audience.ts';
import type { SubjectAnswer, SubjectArguments } from './subject.ts';

/** Few members and much data: the kernel's buffers of a member that does not read hold up to ten megabytes. */
const MEMBERS = 20;
const SLOW = 1;
const PER_SECOND = 15;
const DATA_BYTES = 49_152;
const ROUND_MS = 25_000;
const ROUNDS = 6;

type State = Extract<SubjectAnswer, { told: 'state' }>;

/** A gateway with its members. */
type Side = { readonly subject: ChildProcess; readonly audience: ChildProcess };

async function answerOf<T>(child: ChildProcess, command: unknown): Promise<T> {
  const answered = once(child, 'message');
  child.send(command as string);
  const [answer] = (await answered) as [T];
  return answer;
}

const ask = (side: Side, command: AudienceCommand) => answerOf<AudienceAnswer>(side.audience, command);

async function sideOf(conflate: boolean): Promise<Side> {
  const args: SubjectArguments = [String(conflate), String(PER_SECOND), String(DATA_BYTES)];
  const subject = fork(new URL('./subject.ts', import.meta.url), args);
  const [address] = (await once(subject, 'message')) as [Extract<SubjectAnswer, { told: 'address' }>];
  const side = { subject, audience: fork(new URL('./audience.ts', import.meta.url)) };
  await ask(side, { do: 'join', port: address.port, token: address.token, members: MEMBERS });
  return side;
}

/** One round of a side: what its members that read saw, in milliseconds, and how its gateway stands. */
async function round(
  side: Side,
  slow: number,
): Promise<{ readonly latencies: readonly number[]; readonly state: State }> {
  await ask(side, slow > 0 ? { do: 'stop-reading', members: slow } : { do: 'read-on' });
  await delay(systemClock, 2_000);
  await answerOf<State>(side.subject, 'forget');
  await ask(side, { do: 'measure' });
  await delay(systemClock, ROUND_MS);
  const { latenciesMs } = await ask(side, { do: 'tell' });
  return { latencies: latenciesMs, state: await answerOf<State>(side.subject, 'tell') };
}

function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * q)] ?? Number.NaN;
}

const conflate = process.argv[2] === 'conflate';
const sides = [await sideOf(conflate), await sideOf(conflate)] as const;
const seen: { readonly [who: string]: number[] } = { 'all read': [], 'some do not': [] };
const most = { outboxBytes: 0, rssBytes: 0, rssBytesElsewhere: 0 };
for (let n = 0; n < ROUNDS; n += 1) {
  const [slow, other] = n % 2 === 0 ? sides : [sides[1], sides[0]];
  const [withSlow, without] = await Promise.all([round(slow, SLOW), round(other, 0)]);
  seen['some do not']?.push(...withSlow.latencies);
  seen['all read']?.push(...without.latencies);
  most.outboxBytes = Math.max(most.outboxBytes, withSlow.state.outboxBytes);
  most.rssBytes = Math.max(most.rssBytes, withSlow.state.rssBytes);
  most.rssBytesElsewhere = Math.max(most.rssBytesElsewhere, without.state.rssBytes);
}
const states = await Promise.all(sides.map(({ subject }) => answerOf<State>(subject, 'tell')));
const total = (of: (state: State) => number): number => states.reduce((sum, state) => sum + of(state), 0);
const mebibytes = (bytes: number): string => (bytes / 1_048_576).toFixed(1);

console.log(
  `${MEMBERS} members each, ${PER_SECOND} publications/s of ${DATA_BYTES} B${conflate ? ', conflating' : ''}`,
);
for (const [who, latencies] of Object.entries(seen)) {
  const [p50, p99] = [0.5, 0.99].map(q => quantile(latencies, q).toFixed(1).padStart(8));
  console.log(
    `${who.padEnd(12)} neighbours' latency p50 ${p50} ms  p99 ${p99} ms  (${latencies.length} deliveries)`,
  );
}
const ratio = quantile(seen['some do not'] ?? [], 0.99) / quantile(seen['all read'] ?? [], 0.99);
console.log(
  `p99 with ÷ without ${ratio.toFixed(2)}; outboxes ≤ ${mebibytes(most.outboxBytes)} MiB; ` +
    `RSS ≤ ${mebibytes(most.rssBytes)} MiB with, ${mebibytes(most.rssBytesElsewhere)} without; ` +
    `closed with 4431: ${total(({ slowConsumers }) => slowConsumers)}; left out and told: ${total(({ leftOut }) => leftOut)}`,
);
for (const { subject, audience } of sides) for (const child of [subject, audience]) child.kill();
