import { type Decoder, literal, object } from '../decode.ts';
import { chain, type EpochChain } from '../epoch-chain.ts';
import { channel, json, ref } from '../fields.ts';
import type { ChannelName, Ref } from '../ids.ts';
import type { Json } from '../json.ts';
import { type Position, position } from '../position.ts';

/** Makes the session a member of a channel, and resumes where `position` is given (SPEC C1–C4). */
export type Join = {
  readonly type: 'join';
  readonly ref: Ref;
  readonly channel: ChannelName;
  /** The last publication that the client has; everything after it is sent, or what cannot be is named. */
  readonly position?: Position;
  /**
   * The epochs of what the client holds, oldest first, that of `position` last (SPEC C10): with them the place where
   * two histories part is found even where the newest epoch was lost as a whole.
   */
  readonly chain?: EpochChain;
  /** What the member shows of itself from the first moment; absent: the member is not listed in presence. */
  readonly presence?: Json;
};

export const join: Decoder<Join> = object(
  { type: literal('join'), ref, channel },
  { position, chain, presence: json },
);
