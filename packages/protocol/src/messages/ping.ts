import { type Decoder, literal, object } from '../decode.ts';
import { ref } from '../fields.ts';
import type { Ref } from '../ids.ts';

/** Either side asks whether the other one is there (SPEC S8). */
export type Ping = { readonly type: 'ping'; readonly ref?: Ref };

export const ping: Decoder<Ping> = object({ type: literal('ping') }, { ref });
