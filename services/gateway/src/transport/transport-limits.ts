import { assert, type Bytes, type Millis } from '@kittiwake/base';
import { LIMITS } from '@kittiwake/protocol';

/** Bounds of the client port. */
export type TransportLimits = {
  /** Origins that browsers may come from, exact; `*` allows all, for development. */
  readonly origins: readonly string[];
  /** Whether clients that send no `Origin`, which no browser can, are let in. */
  readonly withoutOrigin: boolean;
  /** Addresses or CIDRs of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  readonly connectionsMax: number;
  /** Connections of one address; 0 for any number. */
  readonly connectionsPerAddressMax: number;
  /** Connections that are not WebSockets yet. */
  readonly pendingConnectionsMax: number;
  /** From the accepted connection to a whole request. */
  readonly handshakeTimeoutMs: Millis;
  readonly headerBytesMax: Bytes;
  readonly messageBytesMax: Bytes;
  /** Frames of one message (CVE-2026-48779). */
  readonly fragmentsMax: number;
  /** Chunks of one frame that is still on its way. */
  readonly bufferedChunksMax: number;
  /** What may wait for one peer that does not read: bytes, frames, and for how long. */
  readonly outboxBytesMax: Bytes;
  readonly outboxFramesMax: number;
  readonly outboxAgeMaxMs: Millis;
  /** From our close frame to the end of the connection. */
  readonly closeTimeoutMs: Millis;
  /** `Retry-After` of a refused handshake is spread over 1 to this many seconds. */
  readonly retryAfterSecondsMax: number;
};

/** What a gateway ships with. No browser origin is allowed until one is configured. */
export const DEFAULT_TRANSPORT_LIMITS: TransportLimits = {
  origins: [],
  withoutOrigin: true,
  trustedProxies: [],
  connectionsMax: 20_000,
  connectionsPerAddressMax: 0,
  pendingConnectionsMax: 2_048,
  handshakeTimeoutMs: 10_000,
  headerBytesMax: 8_192,
  messageBytesMax: LIMITS.messageBytesMax,
  fragmentsMax: 128,
  bufferedChunksMax: 1_024,
  outboxBytesMax: 1_048_576,
  outboxFramesMax: 8_192,
  outboxAgeMaxMs: 10_000,
  closeTimeoutMs: 2_000,
  retryAfterSecondsMax: 10,
};

/** Checks how the bounds relate; a message that fits no outbox could never be delivered. */
export function assertTransportLimits(limits: TransportLimits): void {
  assert(limits.outboxBytesMax >= 2 * limits.messageBytesMax, 'an outbox holds at least two messages');
  assert(limits.outboxFramesMax >= 2, 'an outbox holds at least two frames');
  assert(limits.connectionsMax >= 1, 'a gateway takes at least one connection');
  assert(limits.retryAfterSecondsMax >= 1, 'a refused client is told to wait at least a second');
}
