import { type Decoder, integer, literal, object } from '../decode.ts';
import { durationMillis, gatewayId, lifetimeMillis, ref, sessionId, userId } from '../fields.ts';
import type { Ref, SessionId, UserId } from '../ids.ts';

/** Answer to `connect`: the session stands. */
export type Connected = {
  readonly type: 'connected';
  readonly ref: Ref;
  readonly session: SessionId;
  readonly user: UserId;
  /** Which gateway answered. */
  readonly gateway: string;
  /** How long the token holds, counted from this message and by the gateway's clock; refresh before it ends (SPEC S5, K4). */
  readonly expiresInMs: number;
  /** The gateway pings this often; a client that hears nothing for interval + timeout reconnects (SPEC S8). */
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  /** The largest message that the gateway takes, in bytes. */
  readonly messageBytesMax: number;
};

export const connected: Decoder<Connected> = object({
  type: literal('connected'),
  ref,
  session: sessionId,
  user: userId,
  gateway: gatewayId,
  expiresInMs: lifetimeMillis,
  pingIntervalMs: durationMillis,
  pingTimeoutMs: durationMillis,
  messageBytesMax: integer({ min: 1 }),
});
