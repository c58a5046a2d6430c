import type { Millis } from '@kittiwake/base';
import type { Connected } from '@kittiwake/protocol';
import type { Link } from './connection-state.ts';

/** What is kept of a gateway's `connected`, which arrived at `nowMs` (monotonic). */
export function linkOf(
  { session, user, gateway, expiresInMs, pingIntervalMs, pingTimeoutMs, messageBytesMax }: Connected,
  nowMs: Millis,
): Link {
  const expiresAtMs = nowMs + expiresInMs;
  return { session, user, gateway, expiresAtMs, pingIntervalMs, pingTimeoutMs, messageBytesMax };
}
