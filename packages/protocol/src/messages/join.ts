import { type Decoder, literal, object } from '../decode.ts';
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
  /** What the member shows of itself from the first moment; absent: the member is not listed in presence. */
  readonly presence?: Json;
};

export const join: Decoder<Join> = object(
  { type: literal('join'), ref, channel },
  { position, presence: json },
);
