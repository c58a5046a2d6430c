import type { Retry } from './retry.ts';

/**
 * Every code that ends a connection: for gateway, client, k6 and docs the one table. `reason` is stable, is what the close
 * frame says, and is a metric label; `retry` is what the client does next (RFC 6455 §7.4 for the codes below 4000).
 */
export const CLOSE_CODES = {
  1000: { reason: 'normal', retry: 'never', meaning: 'The client closed.' },
  1001: { reason: 'going_away', retry: 'backoff', meaning: 'The other end went away.' },
  1002: { reason: 'protocol_error', retry: 'never', meaning: 'A frame broke RFC 6455.' },
  1003: {
    reason: 'unsupported_data',
    retry: 'never',
    meaning: 'A text frame where binary is spoken, or the other way round.',
  },
  1005: { reason: 'no_status', retry: 'backoff', meaning: 'Closed without a code.' },
  1006: { reason: 'abnormal', retry: 'backoff', meaning: 'The connection broke.' },
  1007: { reason: 'invalid_utf8', retry: 'never', meaning: 'A text frame was not UTF-8.' },
  1008: { reason: 'policy_violation', retry: 'never', meaning: 'Too many fragments.' },
  1009: { reason: 'message_too_large', retry: 'never', meaning: 'A message over `messageBytesMax`.' },
  1011: { reason: 'internal', retry: 'backoff', meaning: 'The gateway made a mistake.' },
  1012: { reason: 'restart', retry: 'backoff', meaning: 'The service restarts.' },
  1013: { reason: 'try_again_later', retry: 'backoff', meaning: 'The service is overloaded.' },
  4400: { reason: 'malformed', retry: 'never', meaning: 'Too many messages that cannot be read.' },
  4401: { reason: 'unauthenticated', retry: 'reauth', meaning: 'No token, or one that does not verify.' },
  4402: { reason: 'token_expired', retry: 'reauth', meaning: 'The token expired and was not refreshed.' },
  4403: { reason: 'forbidden', retry: 'never', meaning: 'This client may not connect.' },
  4406: {
    reason: 'unsupported_protocol',
    retry: 'never',
    meaning: 'A protocol version that this gateway does not speak.',
  },
  4408: { reason: 'connect_timeout', retry: 'backoff', meaning: 'No `connect` within the time allowed.' },
  4409: { reason: 'replaced', retry: 'never', meaning: 'The session was continued on another connection.' },
  4410: { reason: 'disconnected', retry: 'never', meaning: 'A backend disconnected the user.' },
  4429: { reason: 'rate_limited', retry: 'backoff', meaning: 'Went on past its limits after warnings.' },
  4430: {
    reason: 'too_many_connections',
    retry: 'backoff',
    meaning: 'The gateway, or the user, has as many connections as allowed.',
  },
  4431: { reason: 'slow_consumer', retry: 'backoff', meaning: 'Did not read what it was sent.' },
  4440: { reason: 'ping_timeout', retry: 'now', meaning: 'Did not answer a ping.' },
  4450: {
    reason: 'drained',
    retry: 'now',
    meaning: 'The gateway handed its sessions over; `goaway` said when to come back.',
  },
} as const satisfies {
  readonly [code: number]: { readonly reason: string; readonly retry: Retry; readonly meaning: string };
};

export type CloseCode = keyof typeof CLOSE_CODES;
export type CloseReason = (typeof CLOSE_CODES)[CloseCode]['reason'];

/** What a client does after `code`; a code that is not in the table is like a broken connection. */
export function retryAfterClose(code: number): Retry {
  return code in CLOSE_CODES ? CLOSE_CODES[code as CloseCode].retry : 'backoff';
}
