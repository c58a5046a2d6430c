import { assertNever } from '@kittiwake/base';
import type { Position, Resume } from '@kittiwake/protocol';
import { CHAIN_LINKS_MAX, type EpochChain, epochAt, extendChain } from '@kittiwake/protocol';

/**
 * A place in a channel's history: the position of the last publication that was taken, and the epochs of what is held
 * up to there, so that the place where two histories part can be found (SPEC C10). The chain begins where what is held
 * begins, and is empty where nothing is, as after a first join; else its last epoch is that of the position. Where some
 * were trimmed out of what is held it begins behind them, and `heldFrom` is the first offset that is held.
 */
export type ResumePoint = {
  readonly position: Position;
  readonly chain: EpochChain;
  readonly heldFrom?: number;
};

/** What is left of a place that an application kept: at least the position. */
export type Kept = Pick<ResumePoint, 'position'> & Partial<ResumePoint>;

/** From one place in the history to the next. */
export type Move = { readonly before: ResumePoint; readonly after: ResumePoint };

/** Part of a channel's history that the application must know about; offsets are inclusive (SPEC K10). */
export type HistoryChange =
  /** The publications `from`–`to` that the application has seen are no longer part of the channel: undo them. */
  | { readonly outcome: 'truncated'; readonly from: number; readonly to: number; readonly position: Position }
  /** The publications `from`–`to` will never be seen: they are no longer kept. */
  | { readonly outcome: 'trimmed'; readonly from: number; readonly to: number; readonly position: Position }
  /** Nothing can be said about what came after `from`: read the state anew; what follows begins after `position`. */
  | { readonly outcome: 'unknown'; readonly from: number; readonly position: Position };

/**
 * Where to go on from a place that was kept. A `chain` that cannot belong to its `position` is not used: a position
 * alone is always safe, and only finds less.
 */
export function resumePoint({ position, chain, heldFrom }: Kept): ResumePoint {
  const known = chain?.slice(-CHAIN_LINKS_MAX);
  if (known === undefined || !leadsTo(known, position))
    return { position, chain: [{ epoch: position.epoch, start: 0 }] };
  return pointOf(position, known, heldFrom);
}

/** A place from which on everything is new: nothing is held. */
export function freshPoint(position: Position): ResumePoint {
  return { position, chain: [] };
}

/** A place, without a `heldFrom` that says nothing: nothing before the chain is held, or the chain begins there. */
function pointOf(position: Position, chain: EpochChain, heldFrom: number | undefined): ResumePoint {
  const isEarlier = heldFrom !== undefined && heldFrom < (chain[0]?.start ?? position.offset + 1);
  return { position, chain, ...(isEarlier ? { heldFrom } : {}) };
}

/**
 * What to do with a publication at `next` (SPEC K7, K10): `deliver` what follows on, drop a `duplicate`, and join
 * again on a `gap`. An offset that was seen in another epoch is a gap as well: it is another publication.
 */
export function follow({ position, chain }: ResumePoint, next: Position): 'deliver' | 'duplicate' | 'gap' {
  if (next.offset === position.offset + 1) return 'deliver';
  if (next.offset > position.offset) return 'gap';
  return epochAt(chain, next.offset) === next.epoch ? 'duplicate' : 'gap';
}

/** The place after the publication at `next` was taken. */
export function advance({ chain, heldFrom }: ResumePoint, next: Position): ResumePoint {
  return pointOf(next, extendChain(chain, next), heldFrom);
}

/**
 * What an answer to a join, or a `truncated`, makes of the place: where to go on, and what the application is told.
 * A change that touches nothing that the application has seen, or will miss, is none.
 */
export function settle(
  held: ResumePoint | undefined,
  answer: { readonly resume: Resume; readonly position: Position },
): { readonly point: ResumePoint; readonly change?: HistoryChange } {
  const { resume, position: head } = answer;
  if (held === undefined) return { point: freshPoint(head) };
  const seen = held.position.offset;
  switch (resume.outcome) {
    case 'recovered':
      return { point: held };
    case 'truncated': {
      if (resume.divergedAt > seen) return { point: held };
      const point = rewind(held, resume.divergedAt - 1, head);
      const from = Math.max(resume.divergedAt, firstHeld(held));
      if (from > seen) return { point };
      return { point, change: { outcome: 'truncated', from, to: seen, position: point.position } };
    }
    case 'trimmed': {
      const to = resume.firstOffset - 1;
      if (to <= seen) return { point: held };
      // Whose entry the last one of those was is not said: nothing is claimed about it.
      const position = { offset: to, epoch: head.epoch };
      return {
        point: trimmedPoint(held, position),
        change: { outcome: 'trimmed', from: seen + 1, to, position },
      };
    }
    case 'fresh':
    case 'unknown':
      return { point: freshPoint(head), change: { outcome: 'unknown', from: seen + 1, position: head } };
    default:
      return assertNever(resume);
  }
}

/**
 * What an answer to a join means to somebody who holds, of what the join named, only what is up to `kept` by now, and what
 * another gateway gave since (SPEC K18). `undefined` where it does not tell where that and the channel part.
 *
 *     join      …4──────────9         the gateway before: truncated at 5, then its 5
 *     held      …4┬5                  kept 4
 *     answer    …4┬5──6               truncated at 5: was told, so what follows is all that is owed
 */
export function answerTo<Answer extends { readonly resume: Resume }>(
  kept: number,
  answer: Answer,
): Answer | undefined {
  if (kept === Number.POSITIVE_INFINITY) return answer;
  const { resume } = answer;
  if (resume.outcome !== 'truncated') return undefined;
  const common = resume.divergedAt - 1;
  // Less than is kept: what was given since goes on from what is lost, and is lost with it.
  if (common < kept) return answer;
  return common === kept ? { ...answer, resume: { outcome: 'recovered' } } : undefined;
}

/**
 * The offset that was taken from the gateway before in the meantime, where a gateway says that everything follows and
 * ends before it: it may only be late, or that is lost.
 */
export function aheadOf(
  held: ResumePoint | undefined,
  { resume, position }: { readonly resume: Resume; readonly position: Position },
): number | undefined {
  const isWhole = resume.outcome === 'recovered' || resume.outcome === 'trimmed';
  return isWhole && held !== undefined && position.offset < held.position.offset
    ? held.position.offset
    : undefined;
}

/** The first offset that is held; a chain that is as long as may be has forgotten where that was. */
function firstHeld({ position, chain, heldFrom }: ResumePoint): number {
  if (chain.length >= CHAIN_LINKS_MAX) return heldFrom ?? 0;
  return heldFrom ?? chain[0]?.start ?? position.offset + 1;
}

/** The place at `position` once everything between it and what is held was trimmed; what is held may still be lost. */
function trimmedPoint(held: ResumePoint, position: Position): ResumePoint {
  const from = firstHeld(held);
  return pointOf(position, [], from > held.position.offset ? undefined : from);
}

/**
 * The place as it was at `offset`: what the gateway says where the channel ends there. Else, before the first epoch
 * known, it is a guess; a wrong guess is answered by `truncated` or `unknown`, so it costs a message and hides nothing.
 */
function rewind(held: ResumePoint, offset: number, head: Position): ResumePoint {
  const { position, chain, heldFrom } = held;
  // Of a chain that was wrong there nothing is believed.
  if (offset === head.offset && epochAt(chain, offset) !== head.epoch)
    return pointOf(head, [], firstHeld(held));
  const epoch = epochAt(chain, offset) ?? chain[0]?.epoch ?? position.epoch;
  return pointOf(
    { offset, epoch },
    chain.filter(link => link.start <= offset),
    heldFrom,
  );
}

/** Whether the links ascend and end in the history of `position`: what an application kept may be anything. */
function leadsTo(chain: EpochChain, position: Position): boolean {
  const last = chain.at(-1);
  if (last === undefined) return true;
  const ascends = chain.every((link, index) => index === 0 || link.start > (chain[index - 1]?.start ?? 0));
  return ascends && last.epoch === position.epoch && last.start <= position.offset;
}
