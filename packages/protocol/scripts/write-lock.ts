/** `npm run protocol:lock`: records the wire of this version: golden frames and lock. Read the difference before you commit it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { frameOf, GOLDEN_FOLDER } from '../test/golden-frames.ts';
import { SAMPLES } from '../test/sample-messages.ts';
import { currentLock, LOCK_FILE } from '../test/wire-lock.ts';

mkdirSync(GOLDEN_FOLDER, { recursive: true });
for (const sample of SAMPLES) {
  writeFileSync(
    new URL(`${sample.name}.json`, GOLDEN_FOLDER),
    `${JSON.stringify(frameOf(sample), null, 2)}\n`,
  );
}
writeFileSync(LOCK_FILE, `${JSON.stringify(currentLock(), null, 2)}\n`);
