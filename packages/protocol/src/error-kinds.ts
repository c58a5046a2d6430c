import type { Retry } from './retry.ts';

/** Every kind of error, and what a client does about it. The names are stable and are metric labels as well. */
export const ERROR_KINDS = {
  malformed: { retry: 'never', meaning: 'The message cannot be read; `path` says where.' },
  unknown_type: { retry: 'never', meaning: 'The message has a type that this version does not know.' },
  message_too_large: { retry: 'never', meaning: 'The message is larger than `messageBytesMax`.' },
  unauthenticated: { retry: 'reauth', meaning: 'There is no token, or it does not verify.' },
  token_expired: { retry: 'reauth', meaning: 'The token is past its `exp`.' },
  forbidden: { retry: 'never', meaning: 'The token or the channel does not permit this.' },
  not_joined: { retry: 'never', meaning: 'The session is not a member of the channel.' },
  already_joined: { retry: 'never', meaning: 'The session is a member of the channel already.' },
  unknown_channel: { retry: 'never', meaning: 'No configured pattern matches the channel.' },
  schema_violation: {
    retry: 'never',
    meaning: 'The data does not fit the schema of its event and version; `path` says where.',
  },
  rate_limited: {
    retry: 'backoff',
    meaning: 'More than the session or the channel is allowed; see `retryAfterMs`.',
  },
  too_many_channels: { retry: 'never', meaning: 'The session is in as many channels as it may be.' },
  presence_off: { retry: 'never', meaning: 'The channel keeps no presence.' },
  history_off: { retry: 'never', meaning: 'The channel keeps no history.' },
  broker_unavailable: { retry: 'backoff', meaning: 'The broker does not take this now; nothing was stored.' },
  unknown_outcome: {
    retry: 'now',
    meaning: 'It may or may not have been stored; send it again with the same key.',
  },
  fenced: {
    retry: 'never',
    meaning: 'A later epoch of this producer has published here; this one must stop. Nothing was stored.',
  },
  sequence_gap: {
    retry: 'now',
    meaning:
      'What it follows is not the last of its producer that is stored; see `expectedSequence`. Nothing was stored.',
  },
  no_responder: { retry: 'never', meaning: 'Nobody answers this request.' },
  timeout: { retry: 'backoff', meaning: 'The answer did not come in time.' },
  draining: { retry: 'now', meaning: 'This gateway is about to stop; connect anew.' },
  same_gateway: {
    retry: 'now',
    meaning: 'The session is about to leave this very gateway; connect anew, to reach another one.',
  },
  internal: { retry: 'backoff', meaning: 'The gateway made a mistake; it was logged and counted.' },
} as const satisfies { readonly [kind: string]: { readonly retry: Retry; readonly meaning: string } };

export type ErrorKind = keyof typeof ERROR_KINDS;
