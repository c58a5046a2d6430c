import { type Decoder, literal, object } from '../decode.ts';
import { channel, ref } from '../fields.ts';
import type { ChannelName, Ref } from '../ids.ts';

/** Ends the membership. */
export type Leave = { readonly type: 'leave'; readonly ref: Ref; readonly channel: ChannelName };

export const leave: Decoder<Leave> = object({ type: literal('leave'), ref, channel });
