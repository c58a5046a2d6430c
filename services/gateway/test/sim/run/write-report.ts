import { writeFileSync } from 'node:fs';

/** Writes what a run found as JSON, with the command that finds it again. */
export function writeReport(file: string, found: object): void {
  const command = ['npm run sim --', ...process.argv.slice(2)].join(' ');
  writeFileSync(file, `${JSON.stringify({ command, ...found }, null, 2)}\n`);
}
