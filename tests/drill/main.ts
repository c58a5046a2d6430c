import { rm } from 'node:fs/promises';
import { systemClock } from '@kittiwake/base';
import type { RoundVerdict } from './checker/checker.ts';
import { runDrill } from './drill.ts';
import { type DrillKind, type DrillOptions, HELP, parseDrill } from './drill-options.ts';
import { recheck } from './recheck.ts';
import { sumUp, worstFindings } from './report/drill-result.ts';
import { findingText } from './report/markdown-parts.ts';
import { figuresOf, isKept } from './report/promises.ts';
import { roundLine } from './report/round-line.ts';
import { writeReport } from './report/write-report.ts';

/** `npm run drill`: see HELP. The exit status is 0 where every promise was kept, 1 where not, 2 for a bad command line. */
const FINDINGS_SHOWN = 20;

async function main(args: readonly string[]): Promise<number> {
  const request = parseDrill(args);
  if (!request.ok) {
    console.error(`${request.error}\n\n${HELP}`);
    return 2;
  }
  switch (request.value.do) {
    case 'help':
      console.log(HELP);
      return 0;
    case 'check': {
      const verdicts = recheck(request.value.folder);
      for (const verdict of verdicts) console.log(roundLine(verdict));
      return sayFigures('mixed', verdicts) ? 0 : 1;
    }
    case 'run':
      return run(request.value.options, args);
  }
}

async function run(options: DrillOptions, args: readonly string[]): Promise<number> {
  console.log(`${options.clients} clients in ${options.channels} channels, ${options.rate} publishes/s`);
  const startedMs = systemClock.monotonicMs();
  const { verdicts, folder } = await runDrill(options, verdict => console.log(roundLine(verdict)));
  const tookMs = systemClock.monotonicMs() - startedMs;
  if (options.report !== undefined) {
    const command = `npm run drill -- ${args.join(' ')}`;
    writeReport(options.report, { kind: options.kind, command, totals: sumUp(verdicts), verdicts, tookMs });
  }
  const kept = sayFigures(options.kind, verdicts);
  if (kept) await rm(folder, { recursive: true, force: true });
  else console.log(`The logs are in ${folder}.`);
  console.log(summary(options, verdicts, kept));
  return kept ? 0 : 1;
}

/** Prints every figure beside its limit, and what broke one; whether all were kept. */
function sayFigures(kind: DrillKind, verdicts: readonly RoundVerdict[]): boolean {
  const figures = figuresOf(kind, sumUp(verdicts), verdicts);
  for (const figure of figures) {
    const { what, value, unit, atMost } = figure;
    const limit = atMost === undefined ? '' : `  (≤ ${atMost})`;
    console.log(
      `${isKept(figure) ? ' ' : '!'} ${what}: ${value}${unit === undefined ? '' : ` ${unit}`}${limit}`,
    );
  }
  for (const finding of worstFindings(verdicts, FINDINGS_SHOWN)) console.log(`! ${findingText(finding)}`);
  return figures.every(isKept);
}

function summary({ kind }: DrillOptions, verdicts: readonly RoundVerdict[], kept: boolean): string {
  const { counts, deliveries, signalled, published } = sumUp(verdicts);
  const acknowledged = published.primary + published.replicated;
  return `${kind} ×${verdicts.length}: ${deliveries} deliveries, ${acknowledged} acknowledged, lost ${counts['lost-replicated']} replicated and ${counts['lost-primary']} primary, ${signalled} told; ${kept ? 'every promise was kept' : 'A PROMISE WAS BROKEN'}`;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.exit(await main(process.argv.slice(2)));
