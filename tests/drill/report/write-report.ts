import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { RoundVerdict } from '../checker/checker.ts';
import { countFindings } from '../checker/finding.ts';
import type { DrillKind } from '../drill-options.ts';
import { type DrillTotals, worstFindings } from './drill-result.ts';
import { figureTable, findingList } from './markdown-parts.ts';
import { type Figure, figuresOf, isKept } from './promises.ts';

/** A drill as it is reported. */
export type Reported = {
  readonly kind: DrillKind;
  /** The command line that runs it again. */
  readonly command: string;
  readonly totals: DrillTotals;
  readonly verdicts: readonly RoundVerdict[];
  readonly tookMs: number;
};

/** What each kind does, for whoever reads a report and nothing else. */
const INTRODUCTIONS: { readonly [K in DrillKind]: string } = {
  crash: 'The Redis primary is killed with SIGKILL under load, and comes back as a replica.',
  zombie: 'The Redis primary is stopped for four seconds under load, and goes on as if nothing had been.',
  lagging:
    'Both replicas hang for 0.8 s while the primary goes on alone, with `min-replicas-to-write` lifted; then the primary is killed. What it acknowledged at level `primary` meanwhile is lost on purpose: every client that saw it must be told, at its very first offset.',
  partition: 'The Redis primary is cut off from everybody for six seconds under load, and joined again.',
  mixed:
    'Failovers under load: 40 % kills of the primary, 20 % primaries that hang for 4 s and come back, 20 % promotions of a replica that lags, 20 % partitions.',
  gateways:
    'A gateway is killed with SIGKILL under load and started again, one after the other; the next one follows when everybody has everything.',
  each: 'Five kills of a gateway, then one failover of each kind, as CI runs them.',
  storm: 'Many clients: one of three gateways is killed, then all three at once.',
};

const ROUNDS_SHOWN = 120;
const FINDINGS_SHOWN = 20;

/** Writes `<kind>.md` and `<kind>.json` into `folder`, over those of an earlier drill. */
export function writeReport(folder: string, reported: Reported): void {
  mkdirSync(folder, { recursive: true });
  const figures = figuresOf(reported.kind, reported.totals, reported.verdicts);
  const path = join(folder, reported.kind);
  writeFileSync(`${path}.md`, markdownOf(reported, figures));
  writeFileSync(`${path}.json`, `${JSON.stringify(jsonOf(reported, figures), undefined, 2)}\n`);
}

function jsonOf({ kind, command, verdicts, tookMs }: Reported, figures: readonly Figure[]): unknown {
  return {
    kind,
    command,
    versions: versions(),
    tookSeconds: Math.round(tookMs / 1_000),
    kept: figures.every(isKept),
    figures,
    findings: worstFindings(verdicts, FINDINGS_SHOWN),
    rounds: verdicts.map(verdict => ({
      round: verdict.line.round,
      kind: verdict.line.kind,
      what: verdict.line.what,
      silentMs: Math.round(verdict.silentMs),
      wholeAfterMs: Math.round(verdict.line.wholeAfterMs),
      caughtUpAfterMs: verdict.line.caughtUpAfterMs && Math.round(verdict.line.caughtUpAfterMs),
      deliveries: verdict.deliveries,
      published: verdict.published,
      signalled: verdict.signalled,
      found: Object.fromEntries(
        Object.entries(countFindings(verdict.findings)).filter(([, count]) => count > 0),
      ),
    })),
  };
}

function markdownOf(reported: Reported, figures: readonly Figure[]): string {
  const { kind, command, verdicts, tookMs } = reported;
  const broken = figures.filter(figure => !isKept(figure)).length;
  const findings = worstFindings(verdicts, FINDINGS_SHOWN);
  return [
    `# Drill: ${kind}`,
    '',
    INTRODUCTIONS[kind],
    '',
    `Written by \`${command}\` in ${Math.round(tookMs / 1_000)} s, with ${versions()}. ${
      broken === 0 ? '**Every promise was kept.**' : `**${broken} promises were broken.**`
    }`,
    '',
    ...figureTable(figures, { shown, missed: 'broken' }),
    ...findingList('What was broken, the first of it:', findings),
    verdicts.length > ROUNDS_SHOWN ? `The first ${ROUNDS_SHOWN} of ${verdicts.length} rounds:` : 'Rounds:',
    '',
    '| round | what was done | s without publishing | acknowledged | lost `primary` | told | deliveries | kept |',
    '| ---: | --- | ---: | ---: | ---: | ---: | ---: | --- |',
    ...verdicts.slice(0, ROUNDS_SHOWN).map(roundRow),
    '',
  ].join('\n');
}

function shown({ value, unit }: Figure): string {
  return unit === undefined ? value.toLocaleString('en') : `${value.toFixed(2)} ${unit}`;
}

function roundRow({ line, findings, signalled, silentMs, deliveries, published }: RoundVerdict): string {
  const counts = countFindings(findings);
  const broken = Object.entries(counts).filter(([kind, count]) => kind !== 'lost-primary' && count > 0);
  const kept = broken.length === 0 ? 'yes' : broken.map(([kind, count]) => `${kind} ${count}`).join(', ');
  const acknowledged = published.primary + published.replicated;
  return `| ${line.round} | ${line.what} | ${(silentMs / 1_000).toFixed(2)} | ${acknowledged} | ${counts['lost-primary']} | ${signalled} | ${deliveries} | ${kept} |`;
}

function versions(): string {
  const redis = execFileSync('redis-server', ['--version'], { encoding: 'utf8' });
  return `Node ${process.versions.node}, Redis ${/v=(\S+)/.exec(redis)?.[1]}, ${cpus().length} cores`;
}
