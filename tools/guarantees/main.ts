import { readFileSync, writeFileSync } from 'node:fs';
import { type DrillReport, type PlantedReport, rowsOf, type SimulationReport, tableOf } from './rows.ts';

/** `npm run guarantees`: the figures of the newest reports, into the table of docs/guarantees.md. */
const DOCS = new URL('../../docs/', import.meta.url);
const BEGIN = '<!-- generated: guarantees -->';
const END = '<!-- /generated -->';

const page = new URL('guarantees.md', DOCS);
const table = tableOf(
  rowsOf({
    mixed: drill('mixed'),
    gateways: drill('gateways'),
    storm: drill('storm'),
    simulation: simulation('run', '--seeds 1000000') as SimulationReport,
    planted: simulation('planted', '--planted') as PlantedReport,
  }),
);
const text = readFileSync(page, 'utf8');
const [before, rest = ''] = text.split(BEGIN);
const [, after] = rest.split(END);
if (after === undefined) throw new Error('docs/guarantees.md has lost its markers');
writeFileSync(page, `${before}${BEGIN}\n\n${table}\n\n${END}${after}`);

function drill(kind: string): DrillReport {
  return read(`drills/${kind}.json`, `npm run drill -- --kind ${kind}`) as DrillReport;
}

function simulation(name: string, options: string): unknown {
  const file = `simulation/${name}.json`;
  return read(file, `npm run sim -- ${options} --report docs/${file}`);
}

/** A report, or what to run to have it. */
function read(file: string, command: string): unknown {
  try {
    return JSON.parse(readFileSync(new URL(file, DOCS), 'utf8'));
  } catch {
    throw new Error(`docs/${file} cannot be read: ${command} writes it`);
  }
}
