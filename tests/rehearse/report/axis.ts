/** An axis from nought: its end, and where it has numbers. */
export type Axis = { readonly max: number; readonly ticks: readonly number[] };

const STEPS = [1, 2, 5, 10];

/** An axis that reaches `most`, with about so many ticks at round numbers. */
export function axisOf(most: number, ticks: number): Axis {
  const rough = Math.max(most, 1e-9) / ticks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find(candidate => candidate * power >= rough) ?? 10);
  const count = Math.max(1, Math.ceil(most / step - 1e-9));
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  return {
    max: count * step,
    ticks: Array.from({ length: count + 1 }, (_, index) => Number((index * step).toFixed(digits))),
  };
}
