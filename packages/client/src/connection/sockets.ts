import type { Millis } from '@kittiwake/base';
import { RESUME_SUBPROTOCOL, type ServerMessage } from '@kittiwake/protocol';
import { LiveSocket } from '../transport/live-socket.ts';
import type { DialRequest, SocketHandler } from '../transport/transport.ts';
import type { Link } from './connection-state.ts';
import { Former } from './former.ts';
import { Move, type MoveDeps } from './move.ts';

/** What the owner of the sockets is told. */
export type SocketsHandler = {
  /** What the current socket says. */
  readonly current: SocketHandler;
  /** Another gateway's socket is the current one from here on. */
  readonly moved: (link: Link) => void;
  /** What is still said by the gateway before. */
  readonly receivedFormer: (message: ServerMessage) => void;
  readonly departed: () => void;
};

/** The socket of a connection, and the second one that it has while it moves from one gateway to another (SPEC K18). */
export class Sockets {
  readonly #deps: Omit<MoveDeps, 'moved'>;
  readonly #handler: SocketsHandler;
  readonly #move: Move;
  readonly #former: Former;
  #current: LiveSocket;

  constructor(deps: Omit<MoveDeps, 'moved'>, handler: SocketsHandler) {
    this.#deps = deps;
    this.#handler = handler;
    this.#current = new LiveSocket(deps.transport);
    const request = resuming(deps.request);
    this.#move = new Move({ ...deps, request, moved: (socket, link) => this.#moved(socket, link) });
    this.#former = new Former({
      codec: deps.codec,
      received: handler.receivedFormer,
      departed: handler.departed,
    });
  }

  get current(): LiveSocket {
    return this.#current;
  }

  /** The one before, while it is still listened to. */
  get former(): Pick<Former, 'stands' | 'leave'> {
    return this.#former;
  }

  /** `resumes`: there is a session to continue. */
  dial(resumes: boolean): void {
    const { request } = this.#deps;
    this.#current.dial(resumes ? resuming(request) : request, this.#handler.current);
  }

  /** Looks for another gateway, from `afterMs` on. */
  moveAfter(afterMs: Millis): void {
    this.#move.begin(afterMs);
  }

  /** The connection has ended: it does not move any more. */
  ended(): void {
    this.#move.cancel();
    this.#former.leave();
  }

  #moved(socket: LiveSocket, link: Link): void {
    this.#former.keep(this.#current);
    this.#current = socket;
    socket.listen(this.#handler.current);
    this.#handler.moved(link);
  }
}

/** The same, as somebody who has a session and may be let in first (SPEC K19). */
function resuming({ url, protocols }: DialRequest): DialRequest {
  return { url, protocols: [...protocols, RESUME_SUBPROTOCOL] };
}
