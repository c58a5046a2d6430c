import type { RoundVerdict } from '../checker/checker.ts';
import { countFindings, type FindingKind } from '../checker/finding.ts';

/** Findings that a line names only where there are some. */
const SHOWN: readonly FindingKind[] = [
  'untold-loss',
  'silent-loss',
  'not-republished',
  'shown-too-soon',
  'wrong-offset',
  'without-offset',
  'false-resync',
  'trimmed',
  'duplicate',
  'reordering',
  'hole',
  'other-data',
  'behind',
  'unsettled',
  'stored-twice',
  'rejected-yet-stored',
  'misplaced-ack',
  'unchecked',
];

/** A round in one line: what was done, and what it came to. */
export function roundLine({ line, findings, signalled, silentMs, deliveries }: RoundVerdict): string {
  const counts = countFindings(findings);
  const broken = SHOWN.filter(kind => counts[kind] > 0).map(kind => `${kind} ${counts[kind]}`);
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
