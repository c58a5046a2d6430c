import type { Codec, Format } from '@kittiwake/protocol';
import { jsonCodec } from '@kittiwake/protocol';
import { msgpackCodec } from '@kittiwake/protocol/msgpack';

/** The codec of each format that the gateway speaks. */
export const CODECS: { readonly [F in Format]: Codec } = { json: jsonCodec, msgpack: msgpackCodec };
