import { type Decoder, literal, object, oneOf } from '../decode.ts';
import { durationMillis } from '../fields.ts';

/** Why a gateway asks its clients to move. */
export const GOAWAY_REASONS = ['drain', 'rebalance', 'overload'] as const;
export type GoawayReason = (typeof GOAWAY_REASONS)[number];

/** Asks the client to connect anew, `reconnectAfterMs` from now (SPEC D2). */
export type Goaway = {
  readonly type: 'goaway';
  readonly reconnectAfterMs: number;
  readonly reason: GoawayReason;
  /** The gateway closes this long from now, so that there is time to move first; absent: at `reconnectAfterMs`. */
  readonly closeAfterMs?: number;
};

export const goaway: Decoder<Goaway> = object(
  { type: literal('goaway'), reconnectAfterMs: durationMillis, reason: oneOf(GOAWAY_REASONS) },
  { closeAfterMs: durationMillis },
);
