import type { Millis } from '@kittiwake/base';
import { CLOSE_CODES } from '@kittiwake/protocol';
import { encodeFrame } from '../protocol/encode.ts';
import type { Peer } from './peer.ts';

/** Tells a client that no session is begun with when to come back, and closes (SPEC L8). */
export function turnAway(peer: Pick<Peer, 'format' | 'send' | 'close'>, reconnectAfterMs: Millis): void {
  const goaway = {
    type: 'goaway',
    reconnectAfterMs: Math.round(reconnectAfterMs),
    reason: 'overload',
  } as const;
  peer.send(encodeFrame(peer.format, goaway));
  peer.close(1013, CLOSE_CODES[1013].reason);
}
