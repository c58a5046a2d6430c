import { type Decoder, literal, object } from '../decode.ts';
import { ref } from '../fields.ts';
import type { Ref } from '../ids.ts';
import type { Ping } from './ping.ts';

/** Answer to `ping`, with its `ref`. */
export type Pong = { readonly type: 'pong'; readonly ref?: Ref };

export const pong: Decoder<Pong> = object({ type: literal('pong') }, { ref });

/** The answer to a ping: with its `ref`, where it has one (SPEC S8). */
export function pongTo({ ref }: Pick<Ping, 'ref'>): Pong {
  return ref === undefined ? { type: 'pong' } : { type: 'pong', ref };
}
