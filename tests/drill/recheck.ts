import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Checker, type RoundVerdict } from './checker/checker.ts';
import { JournalReader } from './checker/journal-reader.ts';
import { isJudged, type Line, type LogLine } from './checker/log-lines.ts';

/** Holds the logs of an earlier drill, in `folder`, against each other again, round by round. */
export function recheck(folder: string): readonly RoundVerdict[] {
  const checker = new Checker();
  const journals = readdirSync(folder)
    .filter(name => /^clients-.*\.ndjson$/.test(name))
    .map(name => new JournalReader(join(folder, name)).next());
  const verdicts: RoundVerdict[] = [];
  let readings: LogLine[] = [];
  for (const line of new JournalReader(join(folder, 'drill.ndjson')).next()) {
    if (line.type === 'log') readings.push(line);
    if (line.type !== 'round') continue;
    for (const journal of journals) takeRound(checker, journal);
    verdicts.push(checker.close(line, readings));
    readings = [];
  }
  return verdicts;
}

/** The lines of one process, up to the end of its round. */
function takeRound(checker: Checker, journal: Generator<Line>): void {
  for (let next = journal.next(); next.done !== true; next = journal.next()) {
    const line = next.value;
    if (isJudged(line)) checker.take(line);
    if (line.type === 'mark') return;
  }
}
