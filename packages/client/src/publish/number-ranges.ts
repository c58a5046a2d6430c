/** Numbers, both ends included. */
export type NumberRange = { readonly from: number; readonly to: number };

/** What is missing of the numbers `from` to `to` where those of `known` are accounted for. */
export function missingRanges(
  known: readonly NumberRange[],
  { from, to }: NumberRange,
): readonly NumberRange[] {
  const missing: NumberRange[] = [];
  let next = from;
  for (const range of inOrder(known)) {
    if (range.from > to) break;
    if (range.from > next) missing.push({ from: next, to: range.from - 1 });
    next = Math.max(next, range.to + 1);
  }
  return next > to ? missing : [...missing, { from: next, to }];
}

/** The ranges with one more, in order, and as few as can be; the lowest go where they are more than `rangesMax`. */
export function withRange(
  ranges: readonly NumberRange[],
  added: NumberRange,
  rangesMax: number,
): readonly NumberRange[] {
  const all: NumberRange[] = [];
  for (const range of inOrder([...ranges, added])) {
    const before = all.at(-1);
    if (before === undefined || range.from > before.to + 1) all.push(range);
    else all[all.length - 1] = { from: before.from, to: Math.max(before.to, range.to) };
  }
  return all.slice(-rangesMax);
}

function inOrder(ranges: readonly NumberRange[]): readonly NumberRange[] {
  return ranges.toSorted((one, other) => one.from - other.from);
}
