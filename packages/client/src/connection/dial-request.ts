import { SUBPROTOCOL, TELL_SUBPROTOCOL } from '@kittiwake/protocol';
import type { DialRequest } from '../transport/transport.ts';
import type { ConnectionDeps } from './connection-port.ts';

/** Where to connect, in which format, and whether a gateway that lets no more in has to say so by a message (SPEC K19). */
export function dialRequest({
  url,
  codec,
  transport,
}: Pick<ConnectionDeps, 'url' | 'codec' | 'transport'>): DialRequest {
  const format = SUBPROTOCOL[codec.format];
  return { url, protocols: transport.seesRefusals === true ? [format] : [format, TELL_SUBPROTOCOL] };
}
