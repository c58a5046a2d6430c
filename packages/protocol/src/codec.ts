import type { Result } from '../../base/src/result.ts';
import type { ClientMessage } from './client-message.ts';
import type { ErrorKind } from './error-kinds.ts';
import type { Ref } from './ids.ts';
import type { ServerMessage } from './server-message.ts';
import type { Format } from './version.ts';

/** What is wrong with bytes that are no message. `ref` is the message's own, where it could still be read. */
export type CodecFailure = {
  readonly kind: Extract<ErrorKind, 'malformed' | 'unknown_type' | 'message_too_large'>;
  readonly message: string;
  readonly path: string;
  readonly ref?: Ref;
};

/** Bytes or text as a WebSocket carries them: JSON is text, MessagePack is binary. */
export type WireData = string | Uint8Array;

/** Turns messages into wire data and back. Nothing that arrives makes it throw (SPEC M4). */
export type Codec = {
  readonly format: Format;
  encode(message: ClientMessage | ServerMessage): WireData;
  decodeClient(data: WireData): Result<ClientMessage, CodecFailure>;
  decodeServer(data: WireData): Result<ServerMessage, CodecFailure>;
};
