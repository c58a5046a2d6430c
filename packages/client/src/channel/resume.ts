import { assertNever } from '@kittiwake/base';
import type { Position, Resume } from '@kittiwake/protocol';

/** From `from` on, entries carry `epoch`. */
type EpochStart = { readonly from: number; readonly epoch: string };

/**
 * How far the application has read a channel: the position of the last publication that it has seen, and the epochs
 * that it has seen, so that a position further back can still be named with its own epoch.
 */
export type Track = { readonly position: Position; readonly epochs: readonly EpochStart[] };

/** Part of a channel's history that the application must know about; offsets are inclusive (SPEC K10). */
export type HistoryChange =
  /** The publications `from`–`to` that the application has seen are no longer part of the channel: undo them. */
  | { readonly outcome: 'truncated'; readonly from: number; readonly to: number; readonly position: Position }
  /** The publications `from`–`to` will never be seen: they are no longer kept. */
  | { readonly outcome: 'trimmed'; readonly from: number; readonly to: number; readonly position: Position }
  /** Nothing can be said about what came after `from`: read the state anew; what follows begins after `position`. */
  | { readonly outcome: 'unknown'; readonly from: number; readonly position: Position };

/** More epochs than this are not remembered: as many failovers within the history of one channel are not expected. */
const EPOCHS_MAX = 16;

/** A track that begins at `position`. */
export function trackFrom(position: Position): Track {
  return { position, epochs: [{ from: position.offset, epoch: position.epoch }] };
}

/**
 * What to do with a publication at `next` (SPEC K7, K10): `deliver` what follows on, drop a `duplicate`, and join
 * again on a `gap`. An offset that was seen in another epoch is a gap as well: it is another publication.
 */
export function follow(track: Track, next: Position): 'deliver' | 'duplicate' | 'gap' {
  const { offset } = track.position;
  if (next.offset === offset + 1) return 'deliver';
  if (next.offset > offset) return 'gap';
  return epochAt(track, next.offset) === next.epoch ? 'duplicate' : 'gap';
}

/** The track after the publication at `next` was delivered. */
export function advance(track: Track, next: Position): Track {
  if (next.epoch === track.position.epoch) return { position: next, epochs: track.epochs };
  const epochs = [...track.epochs, { from: next.offset, epoch: next.epoch }].slice(-EPOCHS_MAX);
  return { position: next, epochs };
}

/** What an answer to a join, or a `truncated`, makes of the track: where to go on, and what the application is told. */
export function settle(
  track: Track | undefined,
  answer: { readonly resume: Resume; readonly position: Position },
): { readonly track: Track; readonly change?: HistoryChange } {
  const { resume, position: head } = answer;
  if (track === undefined) return { track: trackFrom(head) };
  const seen = track.position.offset;
  switch (resume.outcome) {
    case 'recovered':
      return { track };
    case 'truncated': {
      const back = rewind(track, Math.min(seen, resume.divergedAt - 1));
      return {
        track: back,
        change: { outcome: 'truncated', from: resume.divergedAt, to: seen, position: back.position },
      };
    }
    case 'trimmed': {
      const position = { offset: resume.firstOffset - 1, epoch: head.epoch };
      return {
        track: trackFrom(position),
        change: { outcome: 'trimmed', from: seen + 1, to: position.offset, position },
      };
    }
    case 'fresh':
    case 'unknown':
      return { track: trackFrom(head), change: { outcome: 'unknown', from: seen + 1, position: head } };
    default:
      return assertNever(resume);
  }
}

/** The track as it was at `offset`. */
function rewind(track: Track, offset: number): Track {
  const epoch = epochAt(track, offset);
  const kept = track.epochs.filter(start => start.from <= offset);
  return { position: { offset, epoch }, epochs: kept.length === 0 ? [{ from: offset, epoch }] : kept };
}

/**
 * The epoch that the application saw at `offset`. Before the first one known it is a guess; a wrong guess is answered
 * by `truncated` or `unknown`, so it costs a message and hides nothing.
 */
function epochAt(track: Track, offset: number): string {
  const start = track.epochs.findLast(candidate => candidate.from <= offset);
  return (start ?? track.epochs[0])?.epoch ?? track.position.epoch;
}
