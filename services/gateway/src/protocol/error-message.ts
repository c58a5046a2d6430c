import { ERROR_KINDS, type ErrorKind, type ErrorMessage } from '@kittiwake/protocol';

/** What a room answers when it does not do what was asked. */
export type Failure = {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly retryAfterMs?: number;
  readonly path?: string;
  /** With `sequence_gap`: the number after the last one that is stored. */
  readonly expectedSequence?: number;
  /** With `sequence_gap`: for how long the channel remembers a producer. */
  readonly rememberedMs?: number;
};

const MESSAGE_CHARACTERS_MAX = 256;
const PATH_CHARACTERS_MAX = 128;

/** The error message for a failure; what to do about it comes from the table of kinds, and texts are cut to their bounds. */
export function errorMessage(
  failure: Failure,
  about: Pick<ErrorMessage, 'ref' | 'channel'> = {},
): ErrorMessage {
  return {
    type: 'error',
    kind: failure.kind,
    message: failure.message.slice(0, MESSAGE_CHARACTERS_MAX),
    retry: ERROR_KINDS[failure.kind].retry,
    // Handlers pass the whole request: only what correlates goes into the answer.
    ...(about.ref === undefined ? {} : { ref: about.ref }),
    ...(about.channel === undefined ? {} : { channel: about.channel }),
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: Math.ceil(failure.retryAfterMs) }),
    ...(failure.path === undefined || failure.path === ''
      ? {}
      : { path: failure.path.slice(0, PATH_CHARACTERS_MAX) }),
    ...(failure.expectedSequence === undefined ? {} : { expectedSequence: failure.expectedSequence }),
    ...(failure.rememberedMs === undefined ? {} : { rememberedMs: failure.rememberedMs }),
  };
}
