import { type Decoder, integer, literal, object, oneOf, text } from '../decode.ts';
import { ERROR_KINDS, type ErrorKind } from '../error-kinds.ts';
import { channel, durationMillis, ref } from '../fields.ts';
import type { ChannelName, Ref } from '../ids.ts';
import { RETRIES, type Retry } from '../retry.ts';

/** A request was refused, or failed. The connection goes on; what ends it is a close code (SPEC X1). */
export type ErrorMessage = {
  readonly type: 'error';
  /** The request that it answers; absent where it had none, or could not be read. */
  readonly ref?: Ref;
  readonly channel?: ChannelName;
  /** Stable; what programs look at. */
  readonly kind: ErrorKind;
  /** For people. */
  readonly message: string;
  readonly retry: Retry;
  /** Not before this long. */
  readonly retryAfterMs?: number;
  /** The field that was wrong, as `data.text` or `position.offset`. */
  readonly path?: string;
  /** With `sequence_gap`: the number after the last one that is stored (SPEC P10). */
  readonly expectedSequence?: number;
  /** With `sequence_gap`: for how long the channel remembers a producer of which it hears nothing (SPEC P9). */
  readonly rememberedMs?: number;
};

export const error: Decoder<ErrorMessage> = object(
  {
    type: literal('error'),
    kind: oneOf(Object.keys(ERROR_KINDS) as ErrorKind[]),
    message: text({ bytesMax: 1_024 }),
    retry: oneOf(RETRIES),
  },
  {
    ref,
    channel,
    retryAfterMs: durationMillis,
    path: text({ bytesMax: 512 }),
    expectedSequence: integer({ min: 1 }),
    rememberedMs: integer({ min: 0 }),
  },
);
