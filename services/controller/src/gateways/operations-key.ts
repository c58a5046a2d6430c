import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The file in the secrets directory. */
const FILE = 'operations-key';
/** What a gateway takes: other keys fit none. */
const KEY = /^[\x21-\x7e]{16,512}$/;

/** Reads the key that gateways want of whoever tells them to hand over; `undefined` where there is none that could be one. */
export async function readOperationsKey(directory: string): Promise<string | undefined> {
  if (directory === '') return undefined;
  try {
    const key = (await readFile(join(directory, FILE), 'utf8')).trim();
    return KEY.test(key) ? key : undefined;
  } catch {
    return undefined;
  }
}
