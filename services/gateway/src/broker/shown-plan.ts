import { type EpochChain, epochAt, type Position } from '@kittiwake/protocol';
import type { HistoryQuery } from './broker.ts';
import { type LogState, planResume, type ResumePlan } from './resume-plan.ts';

/** The plan, and the log's head and chain as the reader is told them. */
export type ShownPlan = { readonly plan: ResumePlan; readonly head: Position; readonly chain: EpochChain };

/**
 * Plans a read of a log of which entries beyond `shownTo` are hidden (SPEC C11): to a reader they do not exist.
 *
 * A reader may hold some of them all the same: they were shown under a primary that was lost before its replica knew of
 * it. Its position is compared with the whole log, so that it is not told to drop what is still there, and what it holds
 * is not given to it again.
 *
 *     log     1───────────49┊50─────────60        shownTo 49
 *     reader at 40          owed 41 to 49, head 49
 *     reader at 60, of this history               owed nothing, head 60
 */
export function planShown(state: LogState, shownTo: number, query: HistoryQuery): ShownPlan {
  const { since } = query;
  const shown = upTo(state, shownTo);
  if (since === undefined || shownTo >= state.head.offset) {
    const { head, chain } = shown;
    return { plan: planResume(shown, query), head, chain };
  }
  const whole = planResume({ ...state, firstKept: shown.firstKept }, query);
  const { head, chain } = upTo(state, Math.max(shownTo, heldTo(whole, since)));
  return { plan: { ...whole, to: Math.min(whole.to, shownTo) }, head, chain };
}

/** The last offset that the reader has of this log, as far as its position proves it. */
function heldTo({ resume }: ResumePlan, since: Position): number {
  switch (resume.outcome) {
    case 'recovered':
      return since.offset;
    case 'truncated':
      return resume.divergedAt - 1;
    default:
      return 0;
  }
}

/** The log as if it ended at `offset`. */
function upTo(state: LogState, offset: number): LogState {
  if (offset >= state.head.offset) return state;
  const chain = state.chain.filter(link => link.start <= offset);
  return {
    ...state,
    chain,
    head: { offset, epoch: epochAt(chain, offset) ?? state.head.epoch },
    firstKept: Math.min(state.firstKept, offset + 1),
  };
}
