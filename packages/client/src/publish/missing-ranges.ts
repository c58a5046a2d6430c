/** Numbers, both ends included. */
export type NumberRange = { readonly from: number; readonly to: number };

/** What is missing of the numbers `from` to `to` where those of `held` are there. */
export function missingRanges(held: readonly number[], { from, to }: NumberRange): readonly NumberRange[] {
  const missing: NumberRange[] = [];
  let next = from;
  for (const number of held.toSorted((one, other) => one - other)) {
    if (number < next || number > to) continue;
    if (number > next) missing.push({ from: next, to: number - 1 });
    next = number + 1;
  }
  return next > to ? missing : [...missing, { from: next, to }];
}
