/** A frame of RFC 6455 as a server sends it: whole, never masked. */
export type Frame = { readonly opcode: number; readonly payload: Buffer };

/** Opcodes that occur. */
export const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const EMPTY = Buffer.alloc(0);

/** Takes bytes as they come, and gives the frames that are whole. */
export class FrameReader {
  #pending: Buffer = EMPTY;

  /** The frames that end in `chunk`; what is left waits for the next one. */
  *read(chunk: Buffer): Generator<Frame> {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    let at = 0;
    for (;;) {
      const header = headerAt(bytes, at);
      if (header === undefined || bytes.length < header.end) break;
      at = header.end;
      yield { opcode: header.opcode, payload: bytes.subarray(header.start, header.end) };
    }
    this.#pending = at === bytes.length ? EMPTY : bytes.subarray(at);
  }
}

/** Where the payload of the frame at `at` begins and ends; `undefined` where its header is not there yet. */
function headerAt(
  bytes: Buffer,
  at: number,
): { readonly opcode: number; readonly start: number; readonly end: number } | undefined {
  const first = bytes[at];
  const size = bytes[at + 1];
  if (first === undefined || size === undefined) return undefined;
  const opcode = first & 0x0f;
  if (size < 126) return { opcode, start: at + 2, end: at + 2 + size };
  const wide = size === 127;
  if (bytes.length < at + (wide ? 10 : 4)) return undefined;
  const start = at + (wide ? 10 : 4);
  const length = wide ? Number(bytes.readBigUInt64BE(at + 2)) : bytes.readUInt16BE(at + 2);
  return { opcode, start, end: start + length };
}

/** A frame of a client. The mask is zero: it hides nothing here, and costs nothing. */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const short = length < 126;
  const header = Buffer.alloc(short ? 6 : 8);
  header[0] = 0x80 | opcode;
  header[1] = 0x80 | (short ? length : 126);
  if (!short) header.writeUInt16BE(length, 2);
  return Buffer.concat([header, payload]);
}
