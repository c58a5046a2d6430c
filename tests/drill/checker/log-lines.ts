import type { EpochChain, Position } from '@kittiwake/protocol';
import type { PulseLine } from './pulse-lines.ts';

/**
 * What processes of a drill write down, one JSON value a line. Times are milliseconds since 1970 by the one machine's
 * clock. A client is named by its process and number; `id` is the number that a producer gave its publish, in its data.
 */

/** Where a client stands in a channel when it has seen nothing yet: what it sees begins after `offset`. */
export type BegunLine = {
  readonly type: 'begun';
  readonly client: string;
  readonly channel: string;
  readonly offset: number;
};

/** Publications that the SDK handed over one after the other, each offset one more than the one before. */
export type RunLine = {
  readonly type: 'run';
  readonly client: string;
  readonly channel: string;
  readonly epoch: string;
  readonly from: number;
  readonly to: number;
};

/** A client was handed other data than another client of its process at the same position. */
export type OtherLine = {
  readonly type: 'other';
  readonly client: string;
  readonly channel: string;
  readonly position: Position;
  readonly id: number;
  readonly first: number;
};

/** What the first client of a process that saw each position saw there: `ids[i]` at offset `from + i`. */
export type SeenLine = {
  readonly type: 'seen';
  readonly channel: string;
  readonly epoch: string;
  readonly from: number;
  readonly ids: readonly number[];
};

/** The SDK told the application of a change of history, in the SDK's own words. */
export type ChangeLine = {
  readonly type: 'change';
  readonly client: string;
  readonly channel: string;
  readonly atMs: number;
} & (
  | { readonly outcome: 'truncated' | 'trimmed'; readonly from: number; readonly to: number }
  | { readonly outcome: 'unknown'; readonly from: number; readonly after: number }
);

/** The SDK told a client that publishes of its own, acknowledged between these offsets, are lost. */
export type LostLine = {
  readonly type: 'lost';
  readonly client: string;
  readonly channel: string;
  readonly from: number;
  readonly to: number;
};

/** A client that had lost its connection has everything again that its resume owed. */
export type CaughtUpLine = {
  readonly type: 'caught-up';
  readonly client: string;
  readonly channel: string;
  readonly lostAtMs: number;
  readonly atMs: number;
  readonly replayed: number;
};

/** Everything of this process up to the end of a round is written. */
export type MarkLine = { readonly type: 'mark'; readonly round: number; readonly deliveries: number };

export type WitnessLine =
  | BegunLine
  | RunLine
  | OtherLine
  | SeenLine
  | ChangeLine
  | LostLine
  | CaughtUpLine
  | MarkLine;

/** How a publish ended at last, sent again with its key for as long as that was `unknown`. */
export type PublishLine = {
  readonly type: 'publish';
  readonly id: number;
  readonly client: string;
  readonly channel: string;
  readonly asked: 'primary' | 'replicated';
  /** The level that was acknowledged, or that it was not. */
  readonly outcome: 'primary' | 'replicated' | 'rejected' | 'unknown';
  readonly position?: Position;
  /** How often the application published it. */
  readonly attempts: number;
  readonly startedMs: number;
  readonly settledMs: number;
  /** Kind of the last failure. */
  readonly failure?: string;
};

/** The log of a channel as the primary has it while nobody publishes. */
export type LogLine = {
  readonly type: 'log';
  readonly round: number;
  readonly channel: string;
  readonly head: number;
  readonly chain: EpochChain;
  /** Offset of the first entry below, `head + 1` where there is none. */
  readonly firstKept: number;
  /** `ids[i]` at offset `firstKept + i`. */
  readonly ids: readonly number[];
};

/** What was done in a round, and when. */
export type RoundLine = {
  readonly type: 'round';
  readonly round: number;
  readonly kind: string;
  /** In words: which server, what happened. */
  readonly what: string;
  readonly faultAtMs: number;
  readonly endedAtMs: number;
  /** From the fault until everything was whole again. */
  readonly wholeAfterMs: number;
  /** From the fault until every client was connected and had everything; absent where it was not waited for. */
  readonly caughtUpAfterMs?: number;
  /** Absent where nobody killed any. */
  readonly gatewaysKilled?: number;
};

export type Line = WitnessLine | PublishLine | LogLine | RoundLine | PulseLine;

/** Whether a line is for the checker, of those that clients write. */
export function isJudged(line: Line): line is WitnessLine | PublishLine {
  switch (line.type) {
    case 'log':
    case 'round':
    case 'second':
    case 'link':
    case 'window':
      return false;
    default:
      return true;
  }
}
