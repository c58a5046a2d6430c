import type { EpochChain, Position, Resume } from '@kittiwake/protocol';
import type { HistoryQuery } from './broker.ts';

/** What is known of a channel's log. */
export type LogState = {
  readonly chain: EpochChain;
  readonly head: Position;
  /** Offset of the oldest entry that is kept; head + 1 where none is. */
  readonly firstKept: number;
  /** Whether the newest link of the chain is the history that is being written now, so that nothing of it can be missing. */
  readonly tailIsLive: boolean;
};

/** The outcome, and the offsets to read: `from` to `to` inclusive, none where `from > to`. */
export type ResumePlan = { readonly resume: Resume; readonly from: number; readonly to: number };

/**
 * Decides what a reader is owed (SPEC B3, C3, C10). A position names offset o of the history E, and a history includes
 * everything before it that its first writer had; so two histories that both have (o, E) have everything up to o in
 * common. The newest epoch of the reader that is in the channel's chain gives the last offset that both have of it.
 *
 *     chain    A:1        B:50           head 80
 *     (30,A) recovered · (49,B) recovered · (60,A) truncated at 50 · (90,B) truncated at 81 unless B still writes
 *     (70,C) unknown · (70,C) of a reader with the chain A:20 C:45 truncated at 45, with A:20 C:60 at 50
 *
 * Total, whatever the reader says of itself; a chain that does not fit its position is not looked at.
 */
export function planResume(state: LogState, query: HistoryQuery): ResumePlan {
  const { head, firstKept } = state;
  const { since, limit } = query;
  if (since === undefined) {
    const from = Math.max(firstKept, head.offset - limit + 1);
    return { resume: { outcome: 'fresh' }, from, to: limit === 0 ? from - 1 : head.offset };
  }
  if (since.offset === 0) return owed(state, 1, limit);
  const common = lastCommonOffset(state, holdings(since, query.chain));
  if (common === undefined) return nothing(head.offset);
  if (common === since.offset) return owed(state, common + 1, limit);
  const divergedAt = common + 1;
  // What would have to replace the lost entries is not kept: the reader could not be made whole.
  if (divergedAt < firstKept) return nothing(head.offset);
  return { resume: { outcome: 'truncated', divergedAt }, ...page(divergedAt, head.offset, limit) };
}

/** An epoch, and the last offset that a reader holds of it. */
type Holding = { readonly epoch: string; readonly last: number };

/** What the reader holds, newest first. */
function holdings(since: Position, chain: EpochChain | undefined): readonly Holding[] {
  if (chain === undefined || !leadsTo(chain, since)) return [{ epoch: since.epoch, last: since.offset }];
  return chain
    .map(({ epoch }, index) => ({ epoch, last: (chain[index + 1]?.start ?? since.offset + 1) - 1 }))
    .reverse();
}

/** Whether the starts ascend and the newest link is that of the position. */
function leadsTo(chain: EpochChain, { offset, epoch }: Position): boolean {
  const newest = chain.at(-1);
  if (newest === undefined || newest.epoch !== epoch || newest.start > offset) return false;
  return chain.every(({ start }, index) => start < (chain[index + 1]?.start ?? Number.POSITIVE_INFINITY));
}

/** The last offset that the reader has in common with the log; `undefined` where nothing of it is known. */
function lastCommonOffset(state: LogState, held: readonly Holding[]): number | undefined {
  for (const { epoch, last } of held) {
    const index = state.chain.findLastIndex(link => link.epoch === epoch);
    if (index === -1) continue;
    const next = state.chain[index + 1];
    const lastHere = next === undefined ? state.head.offset : next.start - 1;
    // Beyond the end of the history that is being written: nobody can have seen that.
    if (next === undefined && state.tailIsLive && last > lastHere) return undefined;
    return Math.min(last, lastHere);
  }
  return undefined;
}

function owed({ head, firstKept }: LogState, from: number, limit: number): ResumePlan {
  if (from < firstKept) {
    return {
      resume: { outcome: 'trimmed', firstOffset: firstKept },
      ...page(firstKept, head.offset, limit),
    };
  }
  return { resume: { outcome: 'recovered' }, ...page(from, head.offset, limit) };
}

function page(from: number, head: number, limit: number): { readonly from: number; readonly to: number } {
  return { from, to: Math.min(head, from + limit - 1) };
}

function nothing(head: number): ResumePlan {
  return { resume: { outcome: 'unknown' }, from: head + 1, to: head };
}
