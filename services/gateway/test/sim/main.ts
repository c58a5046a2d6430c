import { readFileSync, writeFileSync } from 'node:fs';
import { ok, type Result, systemClock } from '@kittiwake/base';
import { findBug, PLANTED_BUGS } from './planted/planted-bugs.ts';
import { plantedTable, reportedPlanted, runAllPlanted, sayPlanted } from './planted/run-planted.ts';
import { HELP, readArguments, type SimArguments } from './run/arguments.ts';
import { codeOf } from './run/code-of.ts';
import { describeFinding, timelineOf } from './run/describe-finding.ts';
import { freshRun, type RecordedRun, restOf, takeUp } from './run/recorded-run.ts';
import { RunTeller } from './run/run-teller.ts';
import { runSeeds } from './run/seed-pool.ts';
import { writeReport } from './run/write-report.ts';
import { simulate } from './simulation.ts';

/** `npm run sim`: see `HELP`. */
const PAGE = new URL('../../../../docs/simulation.md', import.meta.url);
const BEGIN = '<!-- generated: planted -->';
const END = '<!-- /generated -->';

const read = readArguments(process.argv.slice(2));
if (!read.ok) {
  const asked = read.error === 'help';
  console[asked ? 'log' : 'error'](asked ? HELP : `${read.error}\n\n${HELP}`);
  process.exitCode = asked ? 0 : 2;
} else if (read.value.planted !== 'none') process.exitCode = await plantBugs(read.value);
// Promises are settled by hand in a simulation, which works in a plain callback only.
else if (read.value.trace) setImmediate(traceSeeds, read.value);
else process.exitCode = await simulateSeeds(read.value);

async function simulateSeeds(args: SimArguments): Promise<number> {
  const begun = beginRun(args);
  if (!begun.ok) {
    console.error(begun.error);
    return 2;
  }
  const { workers, report } = args;
  const teller = new RunTeller(begun.value, { clock: systemClock, report });
  const tally = await runSeeds({
    ...restOf(begun.value),
    workers,
    untilFound: false,
    before: begun.value.tally,
    onProgress: soFar => teller.hear(soFar),
  });
  console.log(teller.end(tally));
  const first = tally.findings[0];
  if (first === undefined) return 0;
  console.log(
    `seeds that broke a promise: ${tally.findings.map(({ seed, invariant }) => `${seed} (${invariant})`).join(', ')}`,
  );
  setImmediate(() => console.log(describeFinding(first, timelineOf(first.seed))));
  return 1;
}

function beginRun({ seeds, from, report, goesOn }: SimArguments): Result<RecordedRun, string> {
  const asked = { from, count: seeds };
  return goesOn && report !== undefined ? takeUp(report, asked, codeOf()) : ok(freshRun(asked, codeOf()));
}

function traceSeeds({ seeds, from }: SimArguments): void {
  for (let seed = from; seed < from + seeds; seed += 1) {
    const { violation, events } = simulate(seed, { trace: line => console.log(line) });
    console.log(
      violation === undefined
        ? `seed ${seed}: ${events} events, all promises held`
        : describeFinding({ seed, ...violation }, []),
    );
    if (violation !== undefined) process.exitCode = 1;
  }
}

async function plantBugs({ planted, seeds, from, workers, report }: SimArguments): Promise<number> {
  const bugs = PLANTED_BUGS.filter(({ name }) => typeof planted === 'string' || planted.includes(name));
  const unknown = typeof planted === 'string' ? [] : planted.filter(name => findBug(name) === undefined);
  if (unknown.length > 0) {
    console.error(
      `no bug is called ${unknown.join(', ')}; there are ${PLANTED_BUGS.map(bug => bug.name).join(', ')}`,
    );
    return 2;
  }
  const results = await runAllPlanted(bugs, {
    seeds,
    from,
    workers,
    onResult: result => console.log(sayPlanted(result)),
  });
  if (report !== undefined) writeReport(report, { results: results.map(reportedPlanted) });
  if (report !== undefined && planted === 'all') writeTable(plantedTable(results));
  return results.every(({ outcome }) => outcome === 'caught') ? 0 : 1;
}

/** Puts the table between the markers of the page. */
function writeTable(table: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest = ''] = page.split(BEGIN);
  const [, after] = rest.split(END);
  if (after === undefined) throw new Error('docs/simulation.md has lost its markers');
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${table}\n\n${END}${after}`);
}
