/** Refusals that are the service's own fault: the availability SLO counts them. */
export const REFUSED_BY_US = ['too_many_connections', 'draining', 'storm', 'internal'] as const;

/** What a handshake came to. All but the first are refusals. */
export const HANDSHAKE_RESULTS = [
  'accepted',
  'bad_request',
  'forbidden_origin',
  'unauthenticated',
  'unsupported_protocol',
  'header_too_large',
  'timeout',
  'too_many_connections_of_address',
  ...REFUSED_BY_US,
] as const;
