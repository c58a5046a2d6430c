import { closeSync, openSync, readSync } from 'node:fs';
import type { Line } from './log-lines.ts';

const CHUNK_BYTES = 1_048_576;

/** Reads a journal while it grows: each call gives the lines that came since the last one. */
export class JournalReader {
  readonly #path: string;
  #at = 0;
  #rest = '';

  constructor(path: string) {
    this.#path = path;
  }

  *next(): Generator<Line> {
    const file = openSync(this.#path, 'r');
    const chunk = Buffer.alloc(CHUNK_BYTES);
    try {
      for (;;) {
        const bytes = readSync(file, chunk, 0, CHUNK_BYTES, this.#at);
        if (bytes === 0) return;
        this.#at += bytes;
        // Journals are ASCII: what clients are handed is numbers and names.
        const lines = (this.#rest + chunk.toString('latin1', 0, bytes)).split('\n');
        this.#rest = lines.pop() ?? '';
        for (const line of lines) yield JSON.parse(line);
      }
    } finally {
      closeSync(file);
    }
  }
}
