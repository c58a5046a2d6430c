import type { RoundVerdict } from '../checker/checker.ts';
import { addCounts, type Counts, countFindings, type Finding } from '../checker/finding.ts';
import type { PublishLine } from '../checker/log-lines.ts';

/** All rounds of a drill together. */
export type DrillTotals = {
  readonly counts: Counts;
  readonly published: { readonly [O in PublishLine['outcome']]: number };
  readonly signalled: number;
  readonly deliveries: number;
  /** Longest time without an acknowledged publish, of each round, ascending. */
  readonly silencesMs: readonly number[];
  /** From losing the connection until having everything again, ascending. */
  readonly catchUpsMs: readonly number[];
};

/** Sums rounds up. */
export function sumUp(verdicts: readonly RoundVerdict[]): DrillTotals {
  const published = { primary: 0, replicated: 0, rejected: 0, unknown: 0 };
  let counts = countFindings([]);
  let signalled = 0;
  let deliveries = 0;
  for (const verdict of verdicts) {
    counts = addCounts(counts, countFindings(verdict.findings));
    signalled += verdict.signalled;
    deliveries += verdict.deliveries;
    for (const outcome of ['primary', 'replicated', 'rejected', 'unknown'] as const)
      published[outcome] += verdict.published[outcome];
  }
  const ascending = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);
  return {
    counts,
    published,
    signalled,
    deliveries,
    silencesMs: ascending(verdicts.map(({ silentMs }) => silentMs)),
    catchUpsMs: ascending(verdicts.flatMap(({ catchUpsMs }) => catchUpsMs)),
  };
}

/** The value below which a share of the ascending `values` lies; 0 where there are none. */
export function quantile(values: readonly number[], share: number): number {
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
}

/** The first findings of each kind that broke a promise, for whoever looks into it. */
export function worstFindings(verdicts: readonly RoundVerdict[], max: number): readonly Finding[] {
  return verdicts
    .flatMap(({ findings }) => findings)
    .filter(({ kind }) => kind !== 'lost-primary')
    .slice(0, max);
}
