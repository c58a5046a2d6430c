import { type Decoder, integer, literal, object, text } from '../decode.ts';
import { gatewayId, ref, sessionId, token } from '../fields.ts';
import { REF_MAX, type Ref, type SessionId } from '../ids.ts';
import { LIMITS } from '../limits.ts';

/** First message of a peer: proves who speaks. Nothing else is heard before it (SPEC S1). */
export type Connect = {
  readonly type: 'connect';
  readonly ref: Ref;
  /** Version that the client speaks; another one than the gateway's is refused (SPEC S3). */
  readonly protocol: number;
  /** JWT; may be absent only where the handshake carried it as a subprotocol. */
  readonly token?: string;
  /** The session that this one continues: its presence is taken over instead of shown twice (SPEC S6). */
  readonly session?: SessionId;
  /** Counts the connects of the session: one that arrives after a later one replaces nobody (SPEC S6). */
  readonly attempt?: number;
  /** The gateway from which the session moves, and where it goes on until the client closes there (SPEC S10). */
  readonly from?: string;
  /** Name and version of the client library, for logs and metrics. */
  readonly client?: string;
};

export const connect: Decoder<Connect> = object(
  { type: literal('connect'), ref, protocol: integer({ min: 1, max: 65_535 }) },
  {
    token,
    session: sessionId,
    attempt: integer({ min: 1, max: REF_MAX }),
    from: gatewayId,
    client: text({ bytesMax: LIMITS.clientNameBytesMax }),
  },
);
