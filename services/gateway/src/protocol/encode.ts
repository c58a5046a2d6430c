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

/** A message for many: encoded when the first peer of a format asks, then shared by all of them (SPEC P5). */
export class EncodedBroadcast {
  readonly message: ServerMessage;
  #json: OutboundFrame | undefined;
  #msgpack: OutboundFrame | undefined;

  constructor(message: ServerMessage) {
    this.message = message;
  }

  /** The frame for peers of `format`. */
  frame(format: Format): OutboundFrame {
    if (format === 'json') {
      this.#json ??= encodeFrame('json', this.message);
      return this.#json;
    }
    this.#msgpack ??= encodeFrame('msgpack', this.message);
    return this.#msgpack;
  }
}

/** What was encoded of publications that somebody still holds. */
const broadcasts = new WeakMap<Publication, EncodedBroadcast>();

/** The publication for many, live or replayed: encoded once per format for as long as the same object is at hand. */
export function sharedBroadcast(publication: Publication): EncodedBroadcast {
  const known = broadcasts.get(publication);
  if (known !== undefined) return known;
  const made = new EncodedBroadcast(publication);
  broadcasts.set(publication, made);
  return made;
}
