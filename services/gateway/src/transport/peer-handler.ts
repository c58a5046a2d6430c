import type { Format } from '@kittiwake/protocol';

/** One encoded message as the transport sees it; the framed bytes are kept on it, so a broadcast is framed once. */
export type Frame = { readonly format: Format; readonly payload: Buffer; framed?: Buffer };

/** What became of a frame: written to the socket's queue, waiting behind others, refused because the peer does not read, or too late. */
export type SendVerdict = 'sent' | 'buffered' | 'overflow' | 'closed';

/** One open connection, as its session sees it. No method throws (SPEC X2). */
export type Peer = {
  readonly format: Format;
  /** The client's address, for logs. */
  readonly address: string;
  /** Queues a frame; everything queued in one tick leaves in one write. `overflow` and `closed` take nothing. */
  send(frame: Frame): SendVerdict;
  /** Writes what is queued, sends a close frame, and ends the connection; a second call does nothing. */
  close(code: number, reason: string): void;
};

/** What a connection's owner is told. Called on the event loop, one at a time; never after `closed`. */
export type PeerHandler = {
  /** A whole message, already within `messageBytesMax`: text frames as string, binary as bytes. */
  receive(data: string | Uint8Array): void;
  /** The connection is gone; `code` is ours, the peer's, or 1006. */
  closed(code: number): void;
};

/** What the handshake tells about a new peer. */
export type Handshake = {
  /** The token offered as a subprotocol, if any. */
  readonly token: string | undefined;
  readonly origin: string | undefined;
  readonly userAgent: string | undefined;
};

/** Takes a new peer and says who handles it. */
export type AcceptPeer = (peer: Peer, handshake: Handshake) => PeerHandler;
