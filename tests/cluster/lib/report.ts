import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One thing that was measured. */
type Measure = { readonly what: string; readonly value: number; readonly unit: string };

/** The files of the suite run one after another, each in a process of its own; what they measured meets here. */
const FILE = join(tmpdir(), 'kittiwake-cluster-measures.jsonl');

/** Begins a new report. */
export function startReport(): void {
  rmSync(FILE, { force: true });
}

/** Writes down a measure, and prints it. */
export function record(what: string, value: number, unit: string): void {
  appendFileSync(FILE, `${JSON.stringify({ what, value, unit })}\n`);
  console.log(`  measured  ${what}: ${rounded(value)} ${unit}`);
}

/** Everything that was measured, as a table. */
export function renderReport(): string {
  const lines = existsSync(FILE) ? readFileSync(FILE, 'utf8').trim().split('\n') : [];
  const rows = lines.filter(line => line !== '').map(line => JSON.parse(line) as Measure);
  const width = Math.max(0, ...rows.map(({ what }) => what.length));
  const body = rows.map(
    ({ what, value, unit }) => `  ${what.padEnd(width)}  ${rounded(value).padStart(10)} ${unit}`,
  );
  return ['', 'Measured on the real cluster:', ...body, ''].join('\n');
}

function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}
