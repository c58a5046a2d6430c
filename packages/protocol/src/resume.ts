import { type Decoder, integer, literal, object, tagged } from './decode.ts';

/**
 * What became of the history between a client's position and now (SPEC C3).
 * - `fresh`: no position was given; nothing is replayed.
 * - `recovered`: every later publication is replayed.
 * - `truncated`: the client's history and the channel's part at `divergedAt`: drop what is held from that offset on;
 *   the channel's own entries from there are replayed.
 * - `trimmed`: entries up to `firstOffset − 1` are no longer kept; those from `firstOffset` on are replayed.
 * - `unknown`: the position's history is not ours and nothing can be said about it; nothing is replayed.
 */
export type Resume =
  | { readonly outcome: 'fresh' }
  | { readonly outcome: 'recovered' }
  | { readonly outcome: 'truncated'; readonly divergedAt: number }
  | { readonly outcome: 'trimmed'; readonly firstOffset: number }
  | { readonly outcome: 'unknown' };

/** Stable names of the outcomes, which are metric labels as well. */
export type ResumeOutcome = Resume['outcome'];

export const resume: Decoder<Resume> = tagged('outcome', {
  fresh: object({ outcome: literal('fresh') }),
  recovered: object({ outcome: literal('recovered') }),
  truncated: object({ outcome: literal('truncated'), divergedAt: integer({ min: 1 }) }),
  trimmed: object({ outcome: literal('trimmed'), firstOffset: integer({ min: 1 }) }),
  unknown: object({ outcome: literal('unknown') }),
});
