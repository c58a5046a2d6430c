import type { Violation } from '../check/violation.ts';

/** Seeds from `from` on. */
export type RangeOfSeeds = { readonly from: number; readonly count: number };

/** A seed that broke a promise. */
export type Finding = Violation & { readonly seed: number };

/** What a range of seeds came to; crosses threads. */
export type Tally = {
  readonly seeds: number;
  readonly events: number;
  readonly simulatedMs: number;
  readonly counts: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
};

export const NOTHING: Tally = { seeds: 0, events: 0, simulatedMs: 0, counts: new Map(), findings: [] };

/** More than this are counted, but not kept. */
const FINDINGS_MAX = 100;

/** Both together. */
export function addTallies(one: Tally, other: Tally): Tally {
  const counts = new Map(one.counts);
  for (const [what, count] of other.counts) counts.set(what, (counts.get(what) ?? 0) + count);
  return {
    seeds: one.seeds + other.seeds,
    events: one.events + other.events,
    simulatedMs: one.simulatedMs + other.simulatedMs,
    counts,
    findings: [...one.findings, ...other.findings].slice(0, FINDINGS_MAX),
  };
}
