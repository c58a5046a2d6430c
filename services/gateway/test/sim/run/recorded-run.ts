import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { err, type Millis, ok, type Result } from '@kittiwake/base';
import { NOTHING, type RangeOfSeeds, type Tally } from './tally.ts';

/** A run as its report has it: what was asked for, of which code, and what it came to so far. */
export type RecordedRun = {
  readonly command: string;
  /** `codeOf()`: a run goes on with the same code only. */
  readonly code: string;
  readonly asked: RangeOfSeeds;
  /** Of the first seeds, in their order and without a hole. */
  readonly tally: Tally;
  readonly elapsedMs: Millis;
  /** How often it was begun or taken up again. */
  readonly sittings: number;
};

/** A run that nobody has begun. */
export function freshRun(asked: RangeOfSeeds, code: string): RecordedRun {
  const command = ['npm run sim --', ...process.argv.slice(2)].join(' ');
  return { command, code, asked, tally: NOTHING, elapsedMs: 0, sittings: 1 };
}

/** What is left of it to do. */
export function restOf({ asked, tally }: RecordedRun): RangeOfSeeds {
  return { from: asked.from + tally.seeds, count: asked.count - tally.seeds };
}

/** Takes up the run that `file` tells of; a text where that is another run, or one of other code. */
export function takeUp(file: string, asked: RangeOfSeeds, code: string): Result<RecordedRun, string> {
  if (!existsSync(file)) return ok(freshRun(asked, code));
  const { counts, findings, seeds, events, simulatedMs, ...run } = JSON.parse(readFileSync(file, 'utf8'));
  if (run.code !== code)
    return err(
      `${file} tells of other code: the same seeds are other worlds now. Begin anew without --continue`,
    );
  if (run.asked.from !== asked.from || run.asked.count !== asked.count)
    return err(`${file} tells of ${run.asked.count} seeds from ${run.asked.from} on: ask for the same`);
  const tally = {
    seeds,
    events,
    simulatedMs,
    findings,
    counts: new Map<string, number>(Object.entries(counts)),
  };
  return ok({ ...run, tally, sittings: run.sittings + 1 });
}

/** Writes what it came to so far; whoever reads the file meanwhile sees all of it, old or new. */
export function writeRun(file: string, { tally, ...run }: RecordedRun): void {
  const report = { ...run, ...tally, counts: Object.fromEntries(tally.counts) };
  writeFileSync(`${file}.part`, `${JSON.stringify(report, null, 2)}\n`);
  renameSync(`${file}.part`, file);
}
