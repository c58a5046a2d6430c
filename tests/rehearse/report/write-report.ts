import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../../drill/checker/finding.ts';
import { figureTable, findingList } from '../../drill/report/markdown-parts.ts';
import { type Figure, isKept } from '../../drill/report/promises.ts';
import type { RehearsalName } from '../rehearse-options.ts';
import { drawPlot, type Plot } from './plot.ts';

/** A rehearsal as it is reported. */
export type Reported = {
  readonly name: RehearsalName;
  readonly introduction: string;
  /** The command line that plays it again. */
  readonly command: string;
  readonly tookMs: number;
  readonly clusterIs: string;
  readonly figures: readonly Figure[];
  readonly findings: readonly Finding[];
  /** One line for each thing that was done. */
  readonly lines: readonly string[];
  readonly plot: Plot;
};

/** Writes `<name>.md`, `.json` and `.svg` into `folder`, over those of an earlier rehearsal. */
export function writeReport(folder: string, reported: Reported): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, reported.name);
  writeFileSync(`${path}.md`, markdownOf(reported));
  writeFileSync(`${path}.json`, `${JSON.stringify(jsonOf(reported), undefined, 2)}\n`);
  writeFileSync(`${path}.svg`, drawPlot(reported.plot));
}

function jsonOf({ name, command, clusterIs, tookMs, figures, findings, lines }: Reported): unknown {
  return {
    name,
    command,
    cluster: clusterIs,
    machine: machine(),
    tookSeconds: Math.round(tookMs / 1_000),
    kept: figures.every(isKept),
    figures,
    findings,
    lines,
  };
}

function markdownOf(reported: Reported): string {
  const { name, introduction, command, clusterIs, tookMs, figures, findings, lines, plot } = reported;
  const short = figures.filter(figure => !isKept(figure)).length;
  return [
    `# Rehearsal: ${name}`,
    '',
    introduction,
    '',
    `Written by \`${command}\` in ${Math.round(tookMs / 1_000)} s, on ${clusterIs}; ${machine()}. ${
      short === 0 ? '**No figure fell short.**' : `**${short} figures fell short.**`
    }`,
    '',
    `![${plot.title}](${name}.svg)`,
    '',
    ...figureTable(figures, { shown, missed: 'short' }),
    ...findingList('What was found, the first of it:', findings),
    ...(lines.length === 0 ? [] : ['What was done:', '', ...lines.map(line => `- ${line}`), '']),
  ].join('\n');
}

/** A figure beside its limit, as it is printed. */
export function figureLine(figure: Figure): string {
  const { what, atMost } = figure;
  const limit = atMost === undefined ? '' : `  (≤ ${atMost})`;
  return `${isKept(figure) ? ' ' : '!'} ${what}: ${shown(figure)}${limit}`;
}

function shown({ value, unit }: Figure): string {
  const number = value.toLocaleString('en', { maximumFractionDigits: 2 });
  return unit === undefined ? number : `${number} ${unit}`;
}

function machine(): string {
  return `Node ${process.versions.node}, ${cpus().length} cores for cluster and clients together`;
}
