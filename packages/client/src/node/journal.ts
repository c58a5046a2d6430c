import { constants } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { err, ok, type Result } from '@kittiwake/base';
import type { StoreFailure } from '@kittiwake/client';
import {
  applyLine,
  formatLine,
  type JournalContent,
  type JournalLine,
  type LiveRecord,
  readLines,
} from './journal-lines.ts';
import { storeError } from './store-error.ts';

/** How a journal is kept. */
export type JournalOptions = {
  readonly path: string;
  /** Each put waits until the disk has it; else until the operating system has it. */
  readonly sync: boolean;
  /** So many lines that say nothing any more may stay in the file. */
  readonly deadLinesMax: number;
  /** So many bytes of them. */
  readonly deadBytesMax: number;
};

type Pending = { readonly line: JournalLine; settle(written: Result<void, StoreFailure>): void };

/** What an application published is for its own user alone. */
const MODE = 0o600;

/** Opens the journal, or begins one; a half line at its end is taken off. Throws what the file system throws. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const file = await open(options.path, constants.O_RDWR | constants.O_CREAT, MODE);
  try {
    const content = readLines(await file.readFile('utf8'));
    await file.truncate(content.bytes);
    return new Journal(options, file, content);
  } catch (reason) {
    await file.close();
    throw reason;
  }
}

/**
 * Records in a file to which lines are only added. Lines that come while a write is under way are written together, with one
 * sync. When too many lines are dead, the file is written anew beside itself and put in its place.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #live: Map<string, LiveRecord>;
  readonly damaged: number;
  #file: FileHandle;
  /** Up to here the file consists of whole lines. */
  #bytes: number;
  #lines: number;
  #liveBytes: number;
  /** Dead lines that could not be got rid of. */
  #spared = 0;
  #pending: Pending[] = [];
  #writing: Promise<void> | undefined;
  #broken: StoreFailure | undefined;

  constructor(options: JournalOptions, file: FileHandle, content: JournalContent) {
    this.#options = options;
    this.#file = file;
    this.#live = content.live;
    this.#bytes = content.bytes;
    this.#lines = content.lines;
    this.#liveBytes = [...content.live.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    this.damaged = content.damaged;
  }

  /** What the file holds, by id. */
  get live(): ReadonlyMap<string, LiveRecord> {
    return this.#live;
  }

  /** Adds a line, after those that were added before. Never rejects. */
  write(line: JournalLine): Promise<Result<void, StoreFailure>> {
    return new Promise(settle => {
      this.#pending.push({ line, settle });
      this.#writing ??= this.#drain();
    });
  }

  /** Closes the file, once everything is written. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close().catch(() => {});
  }

  async #drain(): Promise<void> {
    // What is asked for in the same turn is one batch.
    await Promise.resolve();
    while (this.#pending.length > 0) {
      const batch = this.#pending;
      this.#pending = [];
      const written = await this.#append(batch.map(({ line }) => line));
      for (const { settle } of batch) settle(written);
      await this.#compact();
    }
    this.#writing = undefined;
  }

  async #append(lines: readonly JournalLine[]): Promise<Result<void, StoreFailure>> {
    if (this.#broken !== undefined) return err(this.#broken);
    const texts = lines.map(formatLine);
    try {
      const bytes = await writeAll(this.#file, texts.join(''), this.#bytes);
      if (this.#options.sync && lines.some(line => 'put' in line)) await this.#file.datasync();
      this.#bytes += bytes;
      this.#lines += lines.length;
    } catch (reason) {
      await this.#undo();
      return storeError(reason);
    }
    lines.forEach((line, at) => void this.#apply(line, Buffer.byteLength(texts[at] ?? '')));
    return ok();
  }

  #apply(line: JournalLine, bytes: number): void {
    const id = 'put' in line ? line.put : line.remove;
    this.#liveBytes -= this.#live.get(id)?.bytes ?? 0;
    applyLine(this.#live, line, bytes);
    this.#liveBytes += this.#live.get(id)?.bytes ?? 0;
  }

  /** Takes half a batch off again, so that the next line does not begin in the middle of one. */
  async #undo(): Promise<void> {
    try {
      await this.#file.truncate(this.#bytes);
    } catch (reason) {
      this.#broken = storeError(reason).error;
    }
  }

  /** Writes the file anew where too much of it is dead; where that fails the old one goes on for as long again. */
  async #compact(): Promise<void> {
    const { path, deadLinesMax, deadBytesMax } = this.#options;
    const deadLines = this.#lines - this.#live.size;
    if (deadLines <= this.#spared + deadLinesMax && this.#bytes - this.#liveBytes <= deadBytesMax) return;
    try {
      const file = await open(`${path}.new`, constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC, MODE);
      const bytes = await this.#moveTo(file).finally(() => this.#file === file || file.close());
      this.#bytes = bytes;
      this.#liveBytes = bytes;
      this.#lines = this.#live.size;
      this.#spared = 0;
    } catch {
      this.#spared = deadLines;
    }
  }

  /** Writes what lives to `file`, and puts that in the place of the old one; gives its size. */
  async #moveTo(file: FileHandle): Promise<number> {
    const { path } = this.#options;
    const lines = [...this.#live].map(([put, { text }]) => formatLine({ put, text }));
    const bytes = await writeAll(file, lines.join(''), 0);
    await file.datasync();
    await rename(`${path}.new`, path);
    const old = this.#file;
    this.#file = file;
    await old.close();
    await syncFolder(dirname(path));
    return bytes;
  }
}

/** Writes all of the text from `position` on; gives its bytes. */
async function writeAll(file: FileHandle, text: string, position: number): Promise<number> {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
  return bytes.length;
}

/** Makes a renamed file last; systems that cannot open a folder need nothing of the kind. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
