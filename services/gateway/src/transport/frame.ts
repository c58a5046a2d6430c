import type { Frame } from './peer-handler.ts';

const FIN = 0x80;
const OPCODE = { json: 0x1, msgpack: 0x2 } as const;

/**
 * The frame's bytes for the wire: an unmasked, unfragmented frame of a server (RFC 6455 §5.2), text for JSON and binary
 * for MessagePack. Made once and kept on the frame, so that a broadcast is framed once for all its peers (rule T4).
 */
export function framed(frame: Frame): Buffer {
  frame.framed ??= withHeader(FIN | OPCODE[frame.format], frame.payload);
  return frame.framed;
}

function withHeader(first: number, payload: Buffer): Buffer {
  const size = payload.length;
  const headerSize = size < 126 ? 2 : size < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(headerSize + size);
  bytes[0] = first;
  if (headerSize === 2) {
    bytes[1] = size;
  } else if (headerSize === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(size, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(size), 2);
  }
  payload.copy(bytes, headerSize);
  return bytes;
}
