import { closeSync, openSync, writeSync } from 'node:fs';
import type { Line } from '../checker/log-lines.ts';

/** Where witnesses and producers write down what they saw. */
export type Journal = { write(line: Line): void };

/** A journal in a file. */
export type FileJournal = Journal & {
  /** Everything that was written is in the file. */
  flush(): void;
  close(): void;
};

const CHUNK_CHARACTERS = 65_536;
/** A product that goes wrong with every delivery must not fill the disk. */
const BYTES_MAX = 2 * 1024 ** 3;

/** Opens `path` anew. Lines are written in their order, and in chunks. */
export function openJournal(path: string): FileJournal {
  const file = openSync(path, 'w');
  let text = '';
  let bytes = 0;
  const flush = (): void => {
    if (text === '') return;
    bytes += writeSync(file, text);
    text = '';
    if (bytes > BYTES_MAX) throw new Error(`${path} has more than ${BYTES_MAX} bytes`);
  };
  return {
    write(line) {
      text += `${JSON.stringify(line)}\n`;
      if (text.length > CHUNK_CHARACTERS) flush();
    },
    flush,
    close() {
      flush();
      closeSync(file);
    },
  };
}
