import type { EpochChain, Position, Resume } from '@kittiwake/protocol';

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
 * Decides what a reader at `since` is owed (SPEC B3, C3). A position names offset o of the history E, and a history
 * includes everything before it that its first writer had; so it is of this log where E is in the chain and o is not
 * beyond the last offset that E wrote here.
 *
 *     chain   A:1        B:50            head 80
 *     (30,A) recovered · (49,B) recovered · (60,A) truncated at 50 · (90,B) truncated at 81 unless B still writes
 */
export function planResume(state: LogState, since: Position | undefined, limit: number): ResumePlan {
  const { head, firstKept } = state;
  if (since === undefined) {
    const from = Math.max(firstKept, head.offset - limit + 1);
    return { resume: { outcome: 'fresh' }, from, to: limit === 0 ? from - 1 : head.offset };
  }
  if (since.offset === 0) return owed(state, 1, limit);
  const index = state.chain.findLastIndex(link => link.epoch === since.epoch);
  if (index === -1) return nothing(head.offset);
  const next = state.chain[index + 1];
  const lastOfEpoch = next === undefined ? head.offset : next.start - 1;
  if (since.offset <= lastOfEpoch) return owed(state, since.offset + 1, limit);
  const divergedAt = lastOfEpoch + 1;
  // Beyond the end of the history that is being written: nobody can have seen that.
  if (next === undefined && state.tailIsLive) return nothing(head.offset);
  // What would have to replace the lost entries is not kept: the reader could not be made whole.
  if (divergedAt < firstKept) return nothing(head.offset);
  return { resume: { outcome: 'truncated', divergedAt }, ...page(divergedAt, head.offset, limit) };
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
