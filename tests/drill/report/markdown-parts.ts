import type { Finding } from '../checker/finding.ts';
import { type Figure, isKept } from './promises.ts';

/** How a report puts its figures. */
export type FigureWords = {
  /** A value with its unit. */
  shown(figure: Figure): string;
  /** Of a figure that does not keep to its limit. */
  readonly missed: string;
};

/** Figures beside their limits, as a table. */
export function figureTable(figures: readonly Figure[], { shown, missed }: FigureWords): readonly string[] {
  const row = (figure: Figure): string => {
    const { what, unit, atMost } = figure;
    const limit = atMost === undefined ? '' : `≤ ${atMost}${unit === undefined ? '' : ` ${unit}`}`;
    const kept = atMost === undefined ? '' : isKept(figure) ? 'kept' : `**${missed}**`;
    return `| ${what} | ${shown(figure)} | ${limit} | ${kept} |`;
  };
  return ['| figure | value | limit | |', '| --- | ---: | ---: | --- |', ...figures.map(row), ''];
}

/** Findings as a list under `title`; nothing where there are none. */
export function findingList(title: string, findings: readonly Finding[]): readonly string[] {
  if (findings.length === 0) return [];
  return [title, '', ...findings.map(finding => `- ${findingText(finding)}`), ''];
}

/** A finding in a line. */
export function findingText({ kind, channel, client, detail }: Finding): string {
  return `${kind}, ${channel}${client === undefined ? '' : `, client ${client}`}: ${detail}`;
}
