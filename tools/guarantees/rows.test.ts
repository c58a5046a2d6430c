import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DrillReport, type Reports, rowsOf, tableOf } from './rows.ts';

const NAMES = [
  'deliveries to clients',
  'lost at level `replicated`',
  'lost at any level, and no client was told',
  'told of a loss with a wrong offset, or with none',
  'told to drop or read anew without need',
  'duplicates seen by a client',
  'reorderings seen by a client',
  'gateways killed',
];
const TIMES = [
  'without an acknowledged publish, per failover, at worst',
  '… median',
  'one of three gateways killed: everybody has everything',
  'all three killed: everybody has everything',
];

function report(kind: string): DrillReport {
  const counted = NAMES.map((what, index) => ({ what, value: index * 1_000 }));
  const timed = TIMES.map((what, index) => ({ what, value: index + 0.5, unit: 's' }));
  return {
    kind,
    command: `npm run drill -- --kind ${kind}`,
    figures: [...counted, ...timed],
    rounds: [{}, {}],
  };
}

const REPORTS: Reports = {
  mixed: report('mixed'),
  gateways: report('gateways'),
  storm: report('storm'),
  simulation: {
    seeds: 1_000_000,
    simulatedMs: 60_000_000_000,
    command: 'npm run sim -- --seeds 1000000',
    findings: [],
  },
  planted: {
    command: 'npm run sim -- --planted',
    results: [{ outcome: 'caught' }, { outcome: 'escaped' }],
  },
};

test('[Y12] each row of the guarantees has a figure of a report, and the command that measured it', () => {
  const table = tableOf(rowsOf(REPORTS));
  assert.match(
    table,
    /\| 2 failovers under load: lost at level `replicated` \| 1,000 \| `npm run drill -- --kind mixed` \|/,
  );
  assert.match(
    table,
    /\| all three killed: everybody has everything \| 3\.50 s \| `npm run drill -- --kind storm` \|/,
  );
  assert.match(table, /1,000,000 simulated clusters \(83,333 hours of clients\) \| 0 \|/);
  assert.match(table, /\| 1 of 2 \| `npm run sim -- --planted` \|/);
});

test('[Y12] a report without a figure of the table is an error that names both', () => {
  const mixed = { ...REPORTS.mixed, figures: [] };
  assert.throws(
    () => rowsOf({ ...REPORTS, mixed }),
    /docs\/drills\/mixed\.json has no figure "lost at level/,
  );
});
