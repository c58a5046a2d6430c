import { ERROR_KINDS, type ErrorKind, type Retry } from '@kittiwake/protocol';
import type { BackendFailure } from './backend-port.ts';

/** The body of an answer that is not a success. */
export type ApiError = BackendFailure & { readonly retry: Retry };

/** HTTP status of each kind (RFC 9110 §15, RFC 6585 §4). */
const STATUS = {
  malformed: 400,
  unknown_type: 404,
  message_too_large: 413,
  unauthenticated: 401,
  token_expired: 401,
  forbidden: 403,
  not_joined: 422,
  already_joined: 422,
  unknown_channel: 404,
  schema_violation: 422,
  rate_limited: 429,
  too_many_channels: 422,
  presence_off: 422,
  history_off: 422,
  broker_unavailable: 503,
  unknown_outcome: 504,
  fenced: 409,
  sequence_gap: 409,
  no_responder: 404,
  timeout: 504,
  draining: 503,
  same_gateway: 409,
  internal: 500,
} as const satisfies { readonly [K in ErrorKind]: number };

/** The status that a kind is answered with, unless the request itself is wrong in another way. */
export function statusOf(kind: ErrorKind): number {
  return STATUS[kind];
}

/** The body for a failure: the same shape as errors on the wire (H3). */
export function errorBody(failure: BackendFailure): ApiError {
  const { kind, message, retryAfterMs, path, expectedSequence, rememberedMs } = failure;
  return {
    kind,
    message,
    retry: ERROR_KINDS[kind].retry,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(path !== undefined && { path }),
    ...(expectedSequence !== undefined && { expectedSequence }),
    ...(rememberedMs !== undefined && { rememberedMs }),
  };
}

/** A failure as a whole response. */
export function errorResponse(
  failure: BackendFailure,
  options: { readonly status?: number; readonly headers?: HeadersInit } = {},
): Response {
  const headers = new Headers(options.headers);
  if (failure.retryAfterMs !== undefined)
    headers.set('retry-after', String(Math.ceil(failure.retryAfterMs / 1_000)));
  const status = options.status ?? statusOf(failure.kind);
  if (status === 401) headers.set('www-authenticate', 'Bearer realm="kittiwake"');
  return Response.json(errorBody(failure), { status, headers });
}
