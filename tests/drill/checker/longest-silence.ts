/**
 * The longest time in milliseconds between two of `times` (in any order) of which the second is later than `fromMs`, up
 * to `toMs`: how long nothing happened around something that happened at `fromMs`.
 */
export function longestSilence(
  times: readonly number[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): number {
  const sorted = times.filter(time => time <= toMs).toSorted((a, b) => a - b);
  let last = sorted.findLast(time => time <= fromMs) ?? fromMs;
  let longest = 0;
  for (const time of sorted) {
    if (time <= fromMs) continue;
    longest = Math.max(longest, time - last);
    last = time;
  }
  // Nothing at all afterwards is a silence that did not end.
  return last <= fromMs ? toMs - last : longest;
}
