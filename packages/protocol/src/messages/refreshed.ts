import { type Decoder, literal, object } from '../decode.ts';
import { lifetimeMillis, ref } from '../fields.ts';
import type { Ref } from '../ids.ts';

/** Answer to `refresh`: how long the new token holds, counted from this message and by the gateway's clock (SPEC S5). */
export type Refreshed = { readonly type: 'refreshed'; readonly ref: Ref; readonly expiresInMs: number };

export const refreshed: Decoder<Refreshed> = object({
  type: literal('refreshed'),
  ref,
  expiresInMs: lifetimeMillis,
});
