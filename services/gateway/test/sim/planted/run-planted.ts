import { runSeeds } from '../run/seed-pool.ts';
import type { Finding } from '../run/tally.ts';
import type { PlantedBug } from './planted-bug.ts';

/** What became of a planted bug: the seed that caught it, or how many it survived, or why it could not be planted. */
export type PlantedResult = { readonly bug: PlantedBug } & (
  | { readonly outcome: 'caught'; readonly finding: Finding; readonly seeds: number }
  | { readonly outcome: 'escaped'; readonly seeds: number }
  | { readonly outcome: 'not planted'; readonly why: string }
);

/** Plants one bug, and simulates until a seed catches it, or `seeds` have not. */
export async function runPlanted(
  bug: PlantedBug,
  range: { readonly from: number; readonly seeds: number; readonly workers: number },
): Promise<PlantedResult> {
  try {
    const { from, seeds: count, workers } = range;
    const tally = await runSeeds({ from, count, workers, bug: bug.name, untilFound: true });
    const finding = tally.findings.toSorted((a, b) => a.seed - b.seed)[0];
    if (finding === undefined) return { bug, outcome: 'escaped', seeds: tally.seeds };
    return { bug, outcome: 'caught', finding, seeds: tally.seeds };
  } catch (reason) {
    return { bug, outcome: 'not planted', why: reason instanceof Error ? reason.message : String(reason) };
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
