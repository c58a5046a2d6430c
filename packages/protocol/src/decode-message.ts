import { err, type Result } from '../../base/src/result.ts';
import { type ClientMessage, clientMessage } from './client-message.ts';
import type { CodecFailure } from './codec.ts';
import { type DecodeFailure, type Decoder, isPlainObject } from './decode.ts';
import { ref } from './fields.ts';
import type { Ref } from './ids.ts';
import { malformed } from './malformed.ts';
import { type ServerMessage, serverMessage } from './server-message.ts';

/** Turns a value that a codec has read, within its bounds, into a client's message. */
export function toClientMessage(value: unknown): Result<ClientMessage, CodecFailure> {
  return toMessage(value, clientMessage);
}

/** Turns a value that a codec has read, within its bounds, into a gateway's message. */
export function toServerMessage(value: unknown): Result<ServerMessage, CodecFailure> {
  return toMessage(value, serverMessage);
}

function toMessage<M>(value: unknown, decoder: Decoder<M>): Result<M, CodecFailure> {
  const decoded = decoder(value);
  return decoded.ok ? decoded : err(toCodecFailure(value, decoded.error));
}

/** Adds what the one who sent it needs: the kind, and the message's own `ref` where it can be read (SPEC M9). */
function toCodecFailure(value: unknown, failure: DecodeFailure): CodecFailure {
  const own = readRef(value);
  const described = isUnknownType(value, failure)
    ? ({
        kind: 'unknown_type',
        message: 'This version knows no message of that type.',
        path: 'type',
      } as const)
    : malformed(failure.path, failure.problem);
  return own === undefined ? described : { ...described, ref: own };
}

/** `tagged` fails at `type` for two reasons: there is no such text, or there is and it names no message. */
function isUnknownType(value: unknown, failure: DecodeFailure): boolean {
  return failure.path === 'type' && isPlainObject(value) && typeof value['type'] === 'string';
}

function readRef(value: unknown): Ref | undefined {
  if (!isPlainObject(value) || !Object.hasOwn(value, 'ref')) return undefined;
  const decoded = ref(value['ref']);
  return decoded.ok ? decoded.value : undefined;
}
