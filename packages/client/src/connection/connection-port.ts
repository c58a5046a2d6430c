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
  /** Every message that is not the connection's own business. */
  received(message: ServerMessage): void;
  /** Data that is no message; it was ignored. */
  unreadable(message: string): void;
  statusChanged(status: ConnectionStatus): void;
  /** The token callback failed; it is asked again, unless the status says `closed`. */
  tokenFailed(reason: unknown): void;
};
