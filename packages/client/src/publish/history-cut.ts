import type { Millis } from '@kittiwake/base';
import { type ChannelName, type EpochChain, epochAt, type Position, type Resume } from '@kittiwake/protocol';
import type { ResumePoint } from '../channel/resume.ts';
import type { AckedMemory, Remembered } from './acked-memory.ts';
import type { Entry } from './entry.ts';
import type { Lost } from './publish-events.ts';

/** What a channel saw of its history that may concern publishes which were acknowledged there. */
export type HistorySight =
  /** What was held from `from` on is no longer part of the channel; `held` says which epochs that was. */
  | { readonly sight: 'truncated'; readonly from: number; readonly held: EpochChain }
  /**
   * The channel stands at `offset`. A gateway may be a moment behind; what is published again though it is still there
   * is stored once by its key. What is not held any more is told of only where that moment is over.
   */
  | { readonly sight: 'head'; readonly offset: number }
  /**
   * A publication that follows on from a place: whatever stood at its offset in another epoch is not part of the channel,
   * nor is what stood behind it in an epoch that it follows on from.
   */
  | {
      readonly sight: 'publication';
      readonly position: Position;
      readonly follows: ResumePoint;
      /** It is no replay: the channel stands there now. */
      readonly isLive: boolean;
    }
  /** The history is another one, now written in `epoch`. */
  | { readonly sight: 'unknown'; readonly epoch: string };

/** Publishes to publish again, and what cannot be. */
export type HistoryCut = { readonly again: readonly Entry[]; readonly lost?: Lost };

const NOTHING: HistoryCut = { again: [] };

/**
 * A gateway notices within this time that it is behind (SPEC B4), and an answer to a join is older than that only where
 * nobody waits for it: what was acknowledged earlier should be below the head.
 */
const BEHIND_MAX_MS: Millis = 10_000;

/**
 * What a sight means for the publishes of a channel that asks for them to be published again (SPEC K17). One is cut off
 * where it was acknowledged in the history that was held, and that history no longer leads to its offset.
 */
export function historyCut(memory: AckedMemory, channel: ChannelName, sight: HistorySight): HistoryCut {
  if (memory.empty && sight.sight === 'publication') return NOTHING;
  const own = (remembered: Remembered, isCut: (position: Position) => boolean): boolean =>
    remembered.entry.republish &&
    remembered.entry.message.channel === channel &&
    remembered.position !== undefined &&
    isCut(remembered.position);
  switch (sight.sight) {
    case 'publication': {
      const { position, follows } = sight;
      const isPast = (epoch: string): boolean => isOf(follows, epoch) && epoch !== position.epoch;
      const again = memory.take(known => own(known, at => isReplaced(at, position, isPast)));
      const overwritten = memory.takeOverwritten(channel, position, isPast);
      if (overwritten !== undefined) return { again, lost: { reason: 'truncated', ...overwritten } };
      return sight.isLive ? { again, ...behindTheHead(memory, channel, position) } : { again };
    }
    case 'head': {
      const again = memory.take(known => own(known, at => at.offset > sight.offset));
      return { again, ...behindTheHead(memory, channel, sight) };
    }
    case 'truncated': {
      const { from, held } = sight;
      const isCut = (at: Position): boolean => at.offset >= from && epochAt(held, at.offset) === at.epoch;
      const again = memory.take(known => own(known, isCut));
      const forgotten = memory.takeForgotten(channel, from, epoch => held.some(link => link.epoch === epoch));
      return forgotten === undefined ? { again } : { again, lost: { reason: 'truncated', ...forgotten } };
    }
    case 'unknown': {
      // Their keys may be remembered no longer where their entries still are: nothing is published again on a guess.
      memory.forget(known => own(known, at => at.epoch !== sight.epoch));
      const forgotten = memory.takeForgotten(channel, 0, epoch => epoch !== sight.epoch);
      return forgotten === undefined ? NOTHING : { again: [], lost: { reason: 'unknown', ...forgotten } };
    }
  }
}

/** What was acknowledged long ago behind the end of a channel, in another history than `epoch`, is not held, and may be lost. */
function behindTheHead(
  memory: AckedMemory,
  channel: ChannelName,
  head: { readonly offset: number; readonly epoch?: string },
): Pick<HistoryCut, 'lost'> {
  const lost = memory.takeForgottenFor(channel, {
    from: head.offset + 1,
    ageMs: BEHIND_MAX_MS,
    except: head.epoch,
  });
  return lost === undefined ? {} : { lost: { reason: 'unknown', ...lost } };
}

/** Whether a history is one of those that lead to a place. */
function isOf({ position, chain }: ResumePoint, epoch: string): boolean {
  return position.epoch === epoch || chain.some(link => link.epoch === epoch);
}

/** Whether what was acknowledged at `at` cannot be in a history that has an entry at `seen`; `isPast` says what it follows on from. */
function isReplaced(at: Position, seen: Position, isPast: (epoch: string) => boolean): boolean {
  if (at.epoch === seen.epoch) return false;
  return at.offset === seen.offset || (at.offset > seen.offset && isPast(at.epoch));
}

/** Whether another entry was seen where this position stands: its acknowledgement came after it was lost. */
export function isOverwritten({ position, chain }: ResumePoint, { offset, epoch }: Position): boolean {
  const seen = offset <= position.offset ? epochAt(chain, offset) : undefined;
  return seen !== undefined && seen !== epoch;
}

/** What an answer to a join, or a `truncated`, says about publishes that were acknowledged while `held` was held. */
export function sightsOf(
  { resume, position }: { readonly resume: Resume; readonly position: Position },
  held: ResumePoint | undefined,
): readonly HistorySight[] {
  if (resume.outcome === 'unknown') return [{ sight: 'unknown', epoch: position.epoch }];
  const head: HistorySight = { sight: 'head', offset: position.offset };
  if (resume.outcome !== 'truncated' || held === undefined) return [head];
  return [{ sight: 'truncated', from: resume.divergedAt, held: held.chain }, head];
}
