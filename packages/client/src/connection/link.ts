import type { Connected } from '@kittiwake/protocol';
import type { Link } from './connection-state.ts';

/** What is kept of a gateway's `connected`. */
export function linkOf({
  session,
  user,
  gateway,
  expiresAtMs,
  pingIntervalMs,
  pingTimeoutMs,
  messageBytesMax,
}: Connected): Link {
  return { session, user, gateway, expiresAtMs, pingIntervalMs, pingTimeoutMs, messageBytesMax };
}
