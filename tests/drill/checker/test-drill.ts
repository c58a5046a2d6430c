import { Checker, type RoundVerdict } from './checker.ts';
import { type Counts, countFindings } from './finding.ts';
import type { ChangeLine, LogLine, PublishLine, RunLine, SeenLine } from './log-lines.ts';

/** Words in which a test writes the logs of a drill by hand. One channel; `A` and `B` are histories. */
const CHANNEL = 'drill:1';

/** A client that begins after `offset`, or was handed `from`–`to` of a history. */
export const run = (client: string, epoch: string, [from, to]: readonly [number, number]): RunLine => {
  return { type: 'run', client, channel: CHANNEL, epoch, from, to };
};

export const truncated = (client: string, from: number, to: number): ChangeLine => {
  return { type: 'change', client, channel: CHANNEL, atMs: 0, outcome: 'truncated', from, to };
};

export const unknown = (client: string, from: number, after: number): ChangeLine => {
  return { type: 'change', client, channel: CHANNEL, atMs: 0, outcome: 'unknown', from, after };
};

export const trimmed = (client: string, from: number, to: number): ChangeLine => {
  return { type: 'change', client, channel: CHANNEL, atMs: 0, outcome: 'trimmed', from, to };
};

/** A process saw these publishes, the first of them at `from`. */
export const seen = (epoch: string, from: number, ids: readonly number[]): SeenLine => {
  return { type: 'seen', channel: CHANNEL, epoch, from, ids };
};

/** A publish that was acknowledged at `offset` of a history, or whatever `over` says. */
export const published = (
  id: number,
  [epoch, offset]: readonly [string, number],
  over: Partial<PublishLine> = {},
): PublishLine => ({
  type: 'publish',
  id,
  client: 'p',
  channel: CHANNEL,
  asked: 'primary',
  outcome: 'primary',
  position: { epoch, offset },
  attempts: 1,
  startedMs: 0,
  settledMs: 0,
  ...over,
});

/** The log: publish 1 at offset 1 and so on, unless `ids` says otherwise; each history with where it begins. */
export const logOf = (
  head: number,
  chain: Readonly<Record<string, number>>,
  ids: readonly number[] = Array.from({ length: head }, (_, index) => index + 1),
): LogLine => ({
  type: 'log',
  round: 1,
  channel: CHANNEL,
  head,
  chain: Object.entries(chain).map(([epoch, start]) => ({ epoch, start })),
  firstKept: 1,
  ids,
});

type Written = Parameters<Checker['take']>[0];

/** A checker for a few clients that all begin before the first publication. */
export function checkerOf(...clients: readonly string[]): Checker {
  const checker = new Checker();
  for (const client of clients) checker.take({ type: 'begun', client, channel: CHANNEL, offset: 0 });
  return checker;
}

/** Closes a round in which this was written, and the log was this in the end. */
export function close(checker: Checker, lines: readonly Written[], log: LogLine): RoundVerdict {
  for (const line of lines) checker.take(line);
  return checker.close(
    {
      type: 'round',
      round: 1,
      kind: 'crash',
      what: 'by hand',
      faultAtMs: 1_000,
      endedAtMs: 9_000,
      wholeAfterMs: 0,
    },
    [log],
  );
}

/** The kinds that were found, and how often. */
export function foundIn(verdict: RoundVerdict): Partial<Counts> {
  return Object.fromEntries(Object.entries(countFindings(verdict.findings)).filter(([, count]) => count > 0));
}
