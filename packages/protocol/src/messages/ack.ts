import { boolean, type Decoder, literal, object, oneOf } from '../decode.ts';
import { channel, ref } from '../fields.ts';
import type { ChannelName, Ref } from '../ids.ts';
import { type Position, position } from '../position.ts';
import { ACK_LEVELS, type AckLevel } from './publish.ts';

/** Answer to `publish` and `presence-set`: it has come as far as `level` says. */
export type Ack = {
  readonly type: 'ack';
  readonly ref: Ref;
  readonly channel: ChannelName;
  readonly level: AckLevel;
  /** Where the publication stands; absent at level `received`, for presence, and where a producer's duplicate is too old. */
  readonly position?: Position;
  /** The idempotency key was known: this is the position of the first one, and nothing was stored now. */
  readonly duplicate?: boolean;
};

export const ack: Decoder<Ack> = object(
  { type: literal('ack'), ref, channel, level: oneOf(ACK_LEVELS) },
  { position, duplicate: boolean },
);
