import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The file in the secrets directory. */
const FILE = 'operations-key';
const LENGTH_MIN = 32;
const LENGTH_MAX = 1_024;

/** Reads the key that gateways want of whoever tells them to hand over; `undefined` where there is none that could be one. */
export async function readOperationsKey(directory: string): Promise<string | undefined> {
  if (directory === '') return undefined;
  try {
    const key = (await readFile(join(directory, FILE), 'utf8')).trim();
    return key.length >= LENGTH_MIN && key.length <= LENGTH_MAX && /^[\x21-\x7e]+$/.test(key)
      ? key
      : undefined;
  } catch {
    return undefined;
  }
}
