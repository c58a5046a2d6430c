import type { Clock, Random } from '@kittiwake/base';
import type { Codec, Ref, ServerMessage } from '@kittiwake/protocol';
import type { Transport } from '../transport/transport.ts';
import type { ConnectionPolicy } from './connection-policy.ts';
import type { Link } from './connection-state.ts';
import type { HintSource } from './platform-hints.ts';
import type { ConnectionStatus } from './status.ts';
import type { TokenSource } from './token-source.ts';

/** What a connection needs. */
export type ConnectionDeps = {
  readonly url: string;
  readonly token: TokenSource;
  readonly clientName: string;
  readonly policy: ConnectionPolicy;
  readonly transport: Transport;
  readonly codec: Codec;
  readonly clock: Clock;
  readonly random: Random;
  readonly hints: HintSource;
  readonly nextRef: () => Ref;
};

/** What the owner of a connection is told. */
export type ConnectionHandler = {
  /** A gateway accepted the session: join again, send what waits. */
  established(link: Link): void;
  /** The connection is gone; what was asked on it will not be answered. */
  lost(): void;
  /**
   * Another gateway has taken the session in (SPEC K18): what is asked from now on is asked there, channels are to be
   * joined there, and what was asked before is still answered by the gateway before, until `departed`.
   */
  moved(): void;
  /** What the gateway before still says. */
  receivedFormer(message: ServerMessage): void;
  /** The connection before the move is gone; what was asked on it will not be answered. */
  departed(): void;
  /** Every message that is not the connection's own business. */
  received(message: ServerMessage): void;
  /** Data that is no message; it was ignored. */
  unreadable(message: string): void;
  statusChanged(status: ConnectionStatus): void;
  /** The token callback failed; it is asked again, unless the status says `closed`. */
  tokenFailed(reason: unknown): void;
};
