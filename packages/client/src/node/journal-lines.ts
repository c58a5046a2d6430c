/** A change of what a journal holds. */
export type JournalLine = { readonly put: string; readonly text: string } | { readonly remove: string };

/** What a journal says, line by line. */
export type JournalContent = {
  /** Text by id, and the bytes of its line. */
  readonly live: Map<string, LiveRecord>;
  /** Bytes of the whole lines; what follows was being written when the process died. */
  readonly bytes: number;
  readonly lines: number;
  /** Lines that cannot be read. */
  readonly damaged: number;
};

export type LiveRecord = { readonly text: string; readonly bytes: number };

/** Writes one line. */
export function formatLine(line: JournalLine): string {
  return `${JSON.stringify(line)}\n`;
}

/** Carries out one line, which took `bytes`. */
export function applyLine(live: Map<string, LiveRecord>, line: JournalLine, bytes: number): void {
  if ('remove' in line) live.delete(line.remove);
  else live.set(line.put, { text: line.text, bytes });
}

/** Reads a journal. A last line without its end is no line: nobody was told that it is kept. */
export function readLines(content: string): JournalContent {
  const live = new Map<string, LiveRecord>();
  const whole = content.slice(0, content.lastIndexOf('\n') + 1);
  const texts = whole === '' ? [] : whole.slice(0, -1).split('\n');
  let damaged = 0;
  for (const text of texts) {
    const line = parseLine(text);
    if (line === undefined) damaged += 1;
    else applyLine(live, line, Buffer.byteLength(text) + 1);
  }
  return { live, bytes: Buffer.byteLength(whole), lines: texts.length, damaged };
}

function parseLine(text: string): JournalLine | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const { put, remove, text: record }: { readonly [field: string]: unknown } = { ...(parsed as object) };
    if (typeof put === 'string' && typeof record === 'string') return { put, text: record };
    return typeof remove === 'string' ? { remove } : undefined;
  } catch {
    return undefined;
  }
}
