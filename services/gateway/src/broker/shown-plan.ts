import { epochAt, type Position } from '@kittiwake/protocol';
import { type LogState, planResume, type ResumePlan } from './resume-plan.ts';

/** What a reader asks for. */
type Query = { readonly since: Position | undefined; readonly limit: number };

/** The plan, and the head as the reader is told it. */
export type ShownPlan = { readonly plan: ResumePlan; readonly head: Position };

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
export function planShown(state: LogState, shownTo: number, { since, limit }: Query): ShownPlan {
  const shown = upTo(state, shownTo);
  if (since === undefined || shownTo >= state.head.offset)
    return { plan: planResume(shown, since, limit), head: shown.head };
  const whole = planResume({ ...state, firstKept: shown.firstKept }, since, limit);
  const head = upTo(state, Math.max(shownTo, heldTo(whole, since))).head;
  return { plan: { ...whole, to: Math.min(whole.to, shownTo) }, head };
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
