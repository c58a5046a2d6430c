import type { Format } from '@kittiwake/protocol';

/**
 * One message, encoded for one format. The same object goes to every peer that gets the message, so the transport can
 * keep the framed bytes on it: a broadcast is encoded once per format and framed once (SPEC P5).
 */
export type OutboundFrame = {
  readonly format: Format;
  /** The message, encoded; text frames hold UTF-8. */
  readonly payload: Buffer;
  /** The payload with its WebSocket header, once a peer has needed it. Written by the transport only. */
  framed?: Buffer;
};
