import { accessSync, constants } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Memory that Linux shows as a folder. */
const MEMORY = '/dev/shm';

/**
 * A new folder whose name begins with `prefix`, in memory where the machine has such a place. Servers write their
 * configuration and their log through to the disk; on a busy one that takes long enough to be taken for dead.
 */
export function makeMemoryDirectory(prefix: string): Promise<string> {
  return mkdtemp(join(isWritable(MEMORY) ? MEMORY : tmpdir(), prefix));
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
