import { rm } from 'node:fs/promises';
import { runDrill } from './drill.ts';
import { type DrillOptions, HELP, parseDrill } from './drill-options.ts';
import { sumUp, worstFindings } from './report/drill-result.ts';
import { figuresOf, isKept } from './report/promises.ts';
import { roundLine } from './report/round-line.ts';

/** `npm run drill`: see HELP. */
const FINDINGS_SHOWN = 20;

async function main(): Promise<number> {
  const request = parseDrill(process.argv.slice(2));
  if (!request.ok) {
    console.error(`${request.error}\n\n${HELP}`);
    return 2;
  }
  switch (request.value.do) {
    case 'help':
      console.log(HELP);
      return 0;
    case 'check':
      return 2;
    case 'run':
      return run(request.value.options);
  }
}

async function run(options: DrillOptions): Promise<number> {
  console.log(JSON.stringify(options));
  const { verdicts, folder } = await runDrill(options, verdict => console.log(roundLine(verdict)));
  const totals = sumUp(verdicts);
  const figures = figuresOf(options.kind, totals, verdicts);
  const broken = figures.filter(figure => !isKept(figure));
  for (const figure of figures)
    console.log(
      `${isKept(figure) ? ' ' : '!'} ${figure.what}: ${figure.value} ${figure.unit ?? ''}${figure.atMost === undefined ? '' : ` (≤ ${figure.atMost})`}`,
    );
  for (const finding of worstFindings(verdicts, FINDINGS_SHOWN))
    console.log(`! ${finding.kind} ${finding.channel} ${finding.client ?? ''} ${finding.detail}`);
  if (broken.length === 0) await rm(folder, { recursive: true, force: true });
  else console.log(`logs: ${folder}`);
  console.log(broken.length === 0 ? 'all promises kept' : `${broken.length} promises broken`);
  return broken.length === 0 ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.exit(await main());
