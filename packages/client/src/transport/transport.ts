import type { Millis } from '@kittiwake/base';
import type { WireData } from '@kittiwake/protocol';

/** What a socket tells its owner. Called one at a time, never from within `dial`, and never after `closed`. */
export type SocketHandler = {
  opened(): void;
  received(data: WireData): void;
  /**
   * The socket is gone, or never opened; `code` as in RFC 6455 §7.4, 1006 where there was none. `retryAfterMs` is the
   * `Retry-After` of a handshake that was refused, where the platform lets it be seen.
   */
  closed(code: number, retryAfterMs?: Millis): void;
};

/** One connection to a gateway. No method throws. */
export type Socket = {
  /** Hands one message to the platform; false where the socket is not open. */
  send(data: WireData): boolean;
  /** Begins to close. Nothing that happens afterwards needs to be reported. */
  close(code: number, reason: string): void;
};

/** Where to connect, and with which subprotocols. */
export type DialRequest = { readonly url: string; readonly protocols: readonly string[] };

/** Makes connections: the SDK's one port to the network. */
export type Transport = {
  /**
   * Whether `closed` comes with the `Retry-After` of a refused handshake. Where it does not, gateways are asked to say it in
   * another way (SPEC K19). @default false
   */
  readonly seesRefusals?: boolean;
  /** Begins to connect. A dial that cannot even begin is reported as `closed(1006)`, later. */
  dial(request: DialRequest, handler: SocketHandler): Socket;
};
