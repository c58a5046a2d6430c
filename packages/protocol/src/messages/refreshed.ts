import { type Decoder, literal, object } from '../decode.ts';
import { epochMillis, ref } from '../fields.ts';
import type { Ref } from '../ids.ts';

/** Answer to `refresh`: when the new token expires, milliseconds since 1970. */
export type Refreshed = { readonly type: 'refreshed'; readonly ref: Ref; readonly expiresAtMs: number };

export const refreshed: Decoder<Refreshed> = object({
  type: literal('refreshed'),
  ref,
  expiresAtMs: epochMillis,
});
