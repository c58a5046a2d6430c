import type { Position } from '@kittiwake/protocol';

/**
 * What to do with a publication that arrives while `cursor` is the last one that was delivered (SPEC C5):
 * - `deliver`: it is the next one of the same history;
 * - `duplicate`: it was delivered before;
 * - `repair`: something is missing in between, or the history is another one; the log knows.
 */
export type CursorVerdict = 'deliver' | 'duplicate' | 'repair';

/** Decides about the publication at `next`. Offsets alone are never trusted across epochs: they may have been given twice. */
export function follow(cursor: Position, next: Position): CursorVerdict {
  // The very first entry has nothing before it that could be missing, whoever wrote it.
  if (cursor.offset === 0 && next.offset === 1) return 'deliver';
  if (next.epoch !== cursor.epoch) return 'repair';
  if (next.offset === cursor.offset + 1) return 'deliver';
  return next.offset <= cursor.offset ? 'duplicate' : 'repair';
}
