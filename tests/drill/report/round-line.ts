import type { RoundVerdict } from '../checker/checker.ts';
import { countFindings, FINDING_KINDS } from '../checker/finding.ts';

/** What a line names only where there is some of it: a promise was broken then. */
const BROKEN = FINDING_KINDS.filter(kind => kind !== 'lost-primary' && kind !== 'lost-replicated');

/** A round in one line: what was done, and what it came to. */
export function roundLine({ line, findings, signalled, silentMs, deliveries }: RoundVerdict): string {
  const counts = countFindings(findings);
  const broken = BROKEN.filter(kind => counts[kind] > 0).map(kind => `${kind} ${counts[kind]}`);
  return [
    String(line.round).padStart(3),
    line.kind.padEnd(9),
    `${seconds(silentMs)} s silent`,
    `lost ${counts['lost-replicated']} replicated, ${counts['lost-primary']} primary`,
    `told ${signalled}`,
    ...(line.caughtUpAfterMs === undefined ? [] : [`caught up in ${seconds(line.caughtUpAfterMs)} s`]),
    `whole after ${seconds(line.wholeAfterMs)} s`,
    `${deliveries} deliveries`,
    broken.length === 0 ? 'kept' : `BROKEN: ${broken.join(', ')}`,
    line.what,
  ].join('  ');
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(2);
}
