import { type Decoder, literal, object } from '../decode.ts';
import { json, ref } from '../fields.ts';
import type { Ref } from '../ids.ts';
import type { Json } from '../json.ts';

/** The answer to a `request`. */
export type Response = { readonly type: 'response'; readonly ref: Ref; readonly data: Json };

export const response: Decoder<Response> = object({ type: literal('response'), ref, data: json });
