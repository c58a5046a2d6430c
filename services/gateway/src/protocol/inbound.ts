import { err, type Result } from '@kittiwake/base';
import type { ClientMessage, CodecFailure, Format, WireData } from '@kittiwake/protocol';
import { CODECS } from './codecs.ts';

/** Turns what a peer sent into a typed message; the wrong kind of frame for the peer's format is malformed (SPEC M1). */
export function decodeInbound(format: Format, data: WireData): Result<ClientMessage, CodecFailure> {
  if ((format === 'json') !== (typeof data === 'string')) {
    const message =
      format === 'json'
        ? 'this connection speaks JSON in text frames'
        : 'this connection speaks MessagePack in binary frames';
    return err({ kind: 'malformed', message, path: '' });
  }
  return CODECS[format].decodeClient(data);
}
