import { Packr } from 'msgpackr';
import { err, ok, type Result } from '../../base/src/result.ts';
import type { Codec, CodecFailure, WireData } from './codec.ts';
import { toClientMessage, toServerMessage } from './decode-message.ts';
import { LIMITS } from './limits.ts';
import { malformed } from './malformed.ts';
import { scanMsgpack } from './scan-msgpack.ts';

/**
 * Plain maps with the shortest headers, no record structures, no extensions; `skipValues` and `useToJSON` make a field that is
 * `undefined` absent, and a field called `toJSON` a field, as in JSON. msgpackr's types do not know those two.
 */
const options = {
  useRecords: false,
  mapsAsObjects: true,
  variableMapSize: true,
  skipValues: [undefined],
  useToJSON: false,
  int64AsType: 'number',
} as const;
const packr = new Packr(options);

/** `kittiwake.v1.msgpack`: messages as MessagePack in binary frames, with exactly the shapes that JSON can write (ADR-0003). */
export const msgpackCodec: Codec = {
  format: 'msgpack',
  encode: message => packr.pack(message),
  decodeClient(data) {
    const value = read(data, LIMITS.messageBytesMax);
    return value.ok ? toClientMessage(value.value) : value;
  },
  decodeServer(data) {
    const value = read(data, LIMITS.serverMessageBytesMax);
    return value.ok ? toServerMessage(value.value) : value;
  },
};

function read(data: WireData, bytesMax: number): Result<unknown, CodecFailure> {
  if (typeof data === 'string') return err(malformed('', 'must be binary'));
  if (data.byteLength > bytesMax) {
    return err({
      kind: 'message_too_large',
      message: `The message is larger than ${bytesMax} bytes.`,
      path: '',
    });
  }
  const problem = scanMsgpack(data);
  if (problem !== undefined) return err(malformed('', problem));
  try {
    return ok(packr.unpack(data) as unknown);
  } catch {
    return err(malformed('', 'is not MessagePack'));
  }
}
