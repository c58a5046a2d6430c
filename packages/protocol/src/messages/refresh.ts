import { type Decoder, literal, object } from '../decode.ts';
import { ref, token } from '../fields.ts';
import type { Ref } from '../ids.ts';

/** Puts a new token of the same user in the place of the old one, on the live connection (SPEC S5). */
export type Refresh = { readonly type: 'refresh'; readonly ref: Ref; readonly token: string };

export const refresh: Decoder<Refresh> = object({ type: literal('refresh'), ref, token });
