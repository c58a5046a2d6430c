import { type Decoder, literal, object } from '../decode.ts';
import { ref } from '../fields.ts';
import type { Ref } from '../ids.ts';

/** Answer to `ping`, with its `ref`. */
export type Pong = { readonly type: 'pong'; readonly ref?: Ref };

export const pong: Decoder<Pong> = object({ type: literal('pong') }, { ref });
