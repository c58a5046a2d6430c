import { type Decoder, literal, object } from '../decode.ts';
import { channel, ref } from '../fields.ts';
import type { ChannelName, Ref } from '../ids.ts';

/** Answer to `leave`: nothing of the channel follows it. */
export type Left = { readonly type: 'left'; readonly ref: Ref; readonly channel: ChannelName };

export const left: Decoder<Left> = object({ type: literal('left'), ref, channel });
