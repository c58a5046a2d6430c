import type { Format, Publication, ServerMessage } from '@kittiwake/protocol';
import { CODECS } from './codecs.ts';
import type { OutboundFrame } from './outbound-frame.ts';

/** Encodes one message for one peer's format. */
export function encodeFrame(format: Format, message: ServerMessage): OutboundFrame {
  const data = CODECS[format].encode(message);
  return {
    format,
    payload:
      typeof data === 'string'
        ? Buffer.from(data, 'utf8')
        : Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  };
}

/** The frames of one message, of those formats that somebody asked for. */
type Frames = { [format in Format]?: OutboundFrame };

/** A message for many: encoded when the first peer of a format asks, then shared by all of them (SPEC P5). */
export class EncodedBroadcast {
  readonly message: ServerMessage;
  readonly #frames: Frames;

  constructor(message: ServerMessage, frames: Frames = {}) {
    this.message = message;
    this.#frames = frames;
  }

  /** The frame for peers of `format`. */
  frame(format: Format): OutboundFrame {
    this.#frames[format] ??= encodeFrame(format, this.message);
    return this.#frames[format];
  }
}

/**
 * What was encoded of publications that somebody still holds. Nothing in here leads back to its publication: the collector
 * of young objects takes every value of a weak map for alive, and what leads to its own key would stay, frames and all,
 * until everything is collected.
 */
const encoded = new WeakMap<Publication, Frames>();

/** The publication for many, live or replayed: encoded once per format for as long as the same object is at hand. */
export function sharedBroadcast(publication: Publication): EncodedBroadcast {
  let frames = encoded.get(publication);
  if (frames === undefined) {
    frames = {};
    encoded.set(publication, frames);
  }
  return new EncodedBroadcast(publication, frames);
}
