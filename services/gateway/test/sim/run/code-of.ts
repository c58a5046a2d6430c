import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';

const ROOT = new URL('../../../../../', import.meta.url);
/** All that a simulated world is made of. */
const SIMULATED = ['packages/*/src/**', 'services/gateway/src/**', 'services/gateway/test/sim/**'];
const EXTENSION = /\.(ts|lua)$/;
const NOT_LIVED_THROUGH = /\.test\.ts$/;

/** A SHA-256 over the code that is simulated, and over the Node that runs it, in hex: the same seeds mean the same worlds only under the same one. */
export function codeOf(): string {
  const hash = createHash('sha256').update(process.version);
  const files = globSync(SIMULATED, { cwd: ROOT })
    .filter(file => EXTENSION.test(file) && !NOT_LIVED_THROUGH.test(file))
    .sort();
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(new URL(file, ROOT)));
  return hash.digest('hex');
}
