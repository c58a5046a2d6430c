import { parseArgs } from 'node:util';
import { err, ok, type Result } from '@kittiwake/base';

/** What `npm run sim` was asked for. */
export type SimArguments = {
  readonly seeds: number;
  readonly from: number;
  readonly workers: number;
  /** Write the whole timeline of each seed. */
  readonly trace: boolean;
  /** Plant bugs instead: all of them, or those of these names. */
  readonly planted: 'none' | 'all' | readonly string[];
  /** Where to write what was found, as JSON. */
  readonly report: string | undefined;
  /** Take up the run that the report tells of. */
  readonly goesOn: boolean;
};

export const HELP = `Simulates whole clusters with their clients, each from a seed, and holds them to their promises (docs/simulation.md).

  npm run sim                                    1,000 seeds from 1 on, two workers
  npm run sim -- --seeds 100000 --from 5000      that many, from there on
  npm run sim -- --seeds 1 --from 4242 --trace   one seed with its timeline: how a failing one is looked at
  npm run sim -- --planted                       plants every known bug, and says which seed catches it
  npm run sim -- --planted ack-before-wait       plants one, or those that are named
  npm run sim -- --planted --seeds 3000 --report planted.json
  npm run sim -- --seeds 1000000 --report sim.json
  npm run sim -- --seeds 1000000 --report sim.json --continue

  --seeds N      how many; with --planted: how many each bug may survive (10,000)
  --from S       the first one
  --workers W    threads, one for each core; with --planted: bugs at a time, each on one
  --trace        writes everything that happens
  --report FILE  writes the command, counts and findings as JSON; with --planted: the command and what became of each bug,
                 and with all of them the table of docs/simulation.md as well
  --continue     goes on where the run in the report stopped; refused where the code is not the same any more

Exit codes: 0 all promises held (with --planted: all bugs were caught), 1 one was broken, 2 wrong usage.`;

const OPTIONS = {
  seeds: { type: 'string' },
  from: { type: 'string', default: '1' },
  workers: { type: 'string', default: '2' },
  trace: { type: 'boolean', default: false },
  planted: { type: 'boolean', default: false },
  report: { type: 'string' },
  continue: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Reads the arguments; a text where they are wrong, `help` where they ask for it. */
export function readArguments(args: readonly string[]): Result<SimArguments, string> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (reason) {
    return err(reason instanceof Error ? reason.message : String(reason));
  }
  const { values, positionals } = parsed;
  if (values.help) return err('help');
  const seeds = Number(values.seeds ?? (values.planted ? 10_000 : 1_000));
  const [from, workers] = [Number(values.from), Number(values.workers)];
  for (const [name, value, least] of [
    ['seeds', seeds, 1],
    ['from', from, 0],
    ['workers', workers, 1],
  ] as const)
    if (!Number.isSafeInteger(value) || value < least)
      return err(`--${name} must be a whole number from ${least} on`);
  if (positionals.length > 0 && !values.planted) return err(`what is ${positionals.join(' ')}?`);
  const goesOn = values.continue;
  if (goesOn && (values.report === undefined || values.planted || values.trace))
    return err('--continue needs the --report of a run of seeds');
  const planted = !values.planted ? 'none' : positionals.length === 0 ? 'all' : positionals;
  return ok({ seeds, from, workers, trace: values.trace, planted, report: values.report, goesOn });
}

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
}
