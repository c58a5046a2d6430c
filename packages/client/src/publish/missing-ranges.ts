import type { LaneNumber } from './lane.ts';

/** Numbers, both ends included. */
export type NumberRange = { readonly from: number; readonly to: number };

/**
 * What is missing of the numbers `from` to `to` where those of `held` are there. What is between one of them and the number
 * that it follows was never stored, and is not missed.
 */
export function missingRanges(
  held: readonly LaneNumber[],
  { from, to }: NumberRange,
): readonly NumberRange[] {
  const missing: NumberRange[] = [];
  let next = from;
  for (const { sequence, follows } of held.toSorted((one, other) => one.sequence - other.sequence)) {
    if (next > to) break;
    if (follows >= next) missing.push({ from: next, to: Math.min(follows, to) });
    next = Math.max(next, sequence + 1);
  }
  return next > to ? missing : [...missing, { from: next, to }];
}
