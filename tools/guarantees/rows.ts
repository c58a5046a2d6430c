/** A figure of a drill's report. */
export type ReportedFigure = { readonly what: string; readonly value: number; readonly unit?: string };

/** A drill's report, as far as it is read. */
export type DrillReport = {
  readonly kind: string;
  readonly command: string;
  readonly figures: readonly ReportedFigure[];
  readonly rounds: readonly unknown[];
};

/** The report of a run of the simulation, as far as it is read. */
export type SimulationReport = {
  readonly seeds: number;
  readonly simulatedMs: number;
  readonly command: string;
  readonly findings: readonly unknown[];
};

/** The report of the planted bugs, as far as it is read. */
export type PlantedReport = {
  readonly command: string;
  readonly results: readonly { readonly outcome: string }[];
};

/** A promise, what was measured of it, and how to measure it again. */
export type Row = { readonly what: string; readonly measured: string; readonly command: string };

/** The reports that the table is made of; clients of the simulated world are five. */
export type Reports = {
  readonly mixed: DrillReport;
  readonly gateways: DrillReport;
  readonly storm: DrillReport;
  readonly simulation: SimulationReport;
  readonly planted: PlantedReport;
};

const CLIENTS_PER_SEED = 5;
const MS_PER_HOUR = 3_600_000;

/** The rows of the table, in the order of the page. Throws where a report lacks a figure: it is of another version. */
export function rowsOf({ mixed, gateways, storm, simulation, planted }: Reports): readonly Row[] {
  const failovers = `${mixed.rounds.length} failovers under load`;
  const clientHours = (simulation.simulatedMs * CLIENTS_PER_SEED) / MS_PER_HOUR;
  return [
    row(mixed, `${failovers}: lost at level \`replicated\``, 'lost at level `replicated`'),
    row(mixed, 'lost at any level, and no client was told', 'lost at any level, and no client was told'),
    row(mixed, 'told with a wrong offset', 'told of a loss with a wrong offset, or with none'),
    row(mixed, 'told to drop or read anew without need', 'told to drop or read anew without need'),
    row(
      mixed,
      'without an acknowledged publish, per failover, at worst',
      'without an acknowledged publish, per failover, at worst',
    ),
    row(mixed, '… median', '… median'),
    row(
      gateways,
      `duplicates seen, over ${shown(find(gateways, 'deliveries to clients'))} deliveries and ${shown(find(gateways, 'gateways killed'))} gateways killed`,
      'duplicates seen by a client',
    ),
    row(gateways, '… out of order', 'reorderings seen by a client'),
    row(
      storm,
      'one of three gateways killed, with a third of 18,000 clients: everybody has everything',
      'one of three gateways killed: everybody has everything',
    ),
    row(storm, 'all three killed: everybody has everything', 'all three killed: everybody has everything'),
    {
      what: `promises broken in ${simulation.seeds.toLocaleString('en')} simulated clusters (${Math.round(clientHours).toLocaleString('en')} hours of clients)`,
      measured: String(simulation.findings.length),
      command: simulation.command,
    },
    {
      what: 'planted bugs that the simulation catches',
      measured: `${planted.results.filter(({ outcome }) => outcome === 'caught').length} of ${planted.results.length}`,
      command: planted.command,
    },
  ];
}

/** The rows as a table of Markdown. */
export function tableOf(rows: readonly Row[]): string {
  return [
    '| what | measured | command |',
    '| --- | --- | --- |',
    ...rows.map(({ what, measured, command }) => `| ${what} | ${measured} | \`${command}\` |`),
  ].join('\n');
}

function row(report: DrillReport, what: string, figure: string): Row {
  return { what, measured: shown(find(report, figure)), command: report.command };
}

function find(report: DrillReport, what: string): ReportedFigure {
  const found = report.figures.find(figure => figure.what === what);
  if (found === undefined) throw new Error(`docs/drills/${report.kind}.json has no figure "${what}"`);
  return found;
}

function shown({ value, unit }: ReportedFigure): string {
  return unit === undefined ? value.toLocaleString('en') : `${value.toFixed(2)} ${unit}`;
}
