import { type Codec, jsonCodec } from '@kittiwake/protocol';

type Decoded = ReturnType<Codec['decodeServer']>;

/** Texts that are remembered. */
const REMEMBERED_MAX = 512;

/**
 * The JSON codec for all clients of one world: the same text from three gateways to five clients is decoded once. What
 * is decoded is read-only, so that nobody can tell.
 */
export function createSharedCodec(): Codec {
  const decoded = new Map<string, Decoded>();
  return {
    ...jsonCodec,
    decodeServer(data) {
      if (typeof data !== 'string') return jsonCodec.decodeServer(data);
      const known = decoded.get(data);
      if (known !== undefined) return known;
      if (decoded.size >= REMEMBERED_MAX) decoded.clear();
      const fresh = jsonCodec.decodeServer(data);
      decoded.set(data, fresh);
      return fresh;
    },
  };
}
