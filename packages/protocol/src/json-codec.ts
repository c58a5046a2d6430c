import { err, type Result } from '../../base/src/result.ts';
import type { Codec, CodecFailure, WireData } from './codec.ts';
import { toClientMessage, toServerMessage } from './decode-message.ts';
import type { Json } from './json.ts';
import { LIMITS } from './limits.ts';
import { malformed } from './malformed.ts';
import { parseJson } from './parse-json.ts';

/** `kittiwake.v1`: messages as JSON in text frames. Imports nothing from npm or Node, so k6 and browsers load it as it is. */
export const jsonCodec: Codec = {
  format: 'json',
  encode: message => JSON.stringify(message),
  decodeClient(data) {
    const value = read(data, LIMITS.messageBytesMax);
    return value.ok ? toClientMessage(value.value) : value;
  },
  decodeServer(data) {
    const value = read(data, LIMITS.serverMessageBytesMax);
    return value.ok ? toServerMessage(value.value) : value;
  },
};

function read(data: WireData, bytesMax: number): Result<Json, CodecFailure> {
  if (typeof data !== 'string') return err(malformed('', 'must be text'));
  return parseJson(data, bytesMax);
}
