import type { Invariant } from '../check/violation.ts';
import { runSeeds } from '../run/seed-pool.ts';
import type { Finding } from '../run/tally.ts';
import type { PlantedBug } from './planted-bug.ts';

/** What became of a planted bug: the seed that caught it, or how many it survived, or why it could not be planted. */
export type PlantedResult = { readonly bug: PlantedBug } & (
  | { readonly outcome: 'caught'; readonly finding: Finding; readonly seeds: number }
  | { readonly outcome: 'escaped'; readonly seeds: number }
  | { readonly outcome: 'not planted'; readonly why: string }
);

/** The seeds that a bug has to survive. */
export type PlantedRange = { readonly from: number; readonly seeds: number };

/** Plants several bugs, each on one thread, so many at a time; `onResult` hears of each as it ends. */
export async function runAllPlanted(
  bugs: readonly PlantedBug[],
  options: PlantedRange & {
    readonly workers: number;
    readonly onResult: (result: PlantedResult) => void;
  },
): Promise<readonly PlantedResult[]> {
  const results: PlantedResult[] = [];
  const left = bugs.entries();
  const work = async (): Promise<void> => {
    for (const [index, bug] of left) {
      const result = await runPlanted(bug, options);
      results[index] = result;
      options.onResult(result);
    }
  };
  await Promise.all(Array.from({ length: options.workers }, work));
  return results;
}

/**
 * Plants one bug, and simulates until a seed catches it, or `seeds` have not. One thread: what it says is the same each
 * time.
 */
export async function runPlanted(
  bug: PlantedBug,
  { from, seeds: count }: PlantedRange,
): Promise<PlantedResult> {
  try {
    const tally = await runSeeds({ from, count, workers: 1, bug: bug.name, untilFound: true });
    const finding = tally.findings.toSorted((a, b) => a.seed - b.seed)[0];
    if (finding === undefined) return { bug, outcome: 'escaped', seeds: tally.seeds };
    return { bug, outcome: 'caught', finding, seeds: tally.seeds };
  } catch (reason) {
    return { bug, outcome: 'not planted', why: reason instanceof Error ? reason.message : String(reason) };
  }
}

/** A result as it is reported; `invariant` and `seed` where the bug was caught. */
export type ReportedPlanted = {
  readonly name: string;
  readonly outcome: PlantedResult['outcome'];
  readonly invariant?: Invariant;
  readonly seed?: number;
  /** How many were simulated. */
  readonly seeds: number;
};

export function reportedPlanted(result: PlantedResult): ReportedPlanted {
  const { outcome } = result;
  const { name } = result.bug;
  if (outcome === 'not planted') return { name, outcome, seeds: 0 };
  const { seeds } = result;
  if (outcome === 'escaped') return { name, outcome, seeds };
  const { invariant, seed } = result.finding;
  return { name, outcome, invariant, seed, seeds };
}

/** A result in one line. */
export function sayPlanted(result: PlantedResult): string {
  const name = result.bug.name.padEnd(32);
  switch (result.outcome) {
    case 'caught': {
      const { invariant, seed, message } = result.finding;
      return `${name} caught by ${invariant} in seed ${seed}, after ${result.seeds} seeds: ${message.slice(0, 120)}`;
    }
    case 'escaped':
      return `${name} ESCAPED ${result.seeds} seeds`;
    case 'not planted':
      return `${name} NOT PLANTED: ${result.why}`;
  }
}

/** The results as a table of Markdown. */
export function plantedTable(results: readonly PlantedResult[]): string {
  const rows = results.map(result => {
    const { bug } = result;
    const file = bug.file.split('/').slice(-2).join('/');
    return `| \`${bug.name}\` | ${bug.why} (\`${file}\`) | ${caughtBy(result)} |`;
  });
  return [
    '| bug | what is wrong | caught by | seed | seeds tried |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function caughtBy(result: PlantedResult): string {
  switch (result.outcome) {
    case 'caught':
      return `${result.finding.invariant} | ${result.finding.seed} | ${result.seeds}`;
    case 'escaped':
      return `**escaped** | – | ${result.seeds}`;
    case 'not planted':
      return `**not planted** | – | 0`;
  }
}
