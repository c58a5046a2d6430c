import { type Decoder, literal, object } from '../decode.ts';
import { channel, json, ref } from '../fields.ts';
import type { ChannelName, Ref } from '../ids.ts';
import type { Json } from '../json.ts';

/** Sets what the member shows of itself; `null` takes it off the list (SPEC E1). Answered by `ack`. */
export type PresenceSet = {
  readonly type: 'presence-set';
  readonly ref: Ref;
  readonly channel: ChannelName;
  readonly data: Json;
};

export const presenceSet: Decoder<PresenceSet> = object({
  type: literal('presence-set'),
  ref,
  channel,
  data: json,
});
