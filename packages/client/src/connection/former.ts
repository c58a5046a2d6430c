import { type Codec, pongTo, type ServerMessage, type WireData } from '@kittiwake/protocol';
import type { LiveSocket } from '../transport/live-socket.ts';

/** What a former connection needs. */
export type FormerDeps = {
  readonly codec: Codec;
  /** What its gateway still says. */
  readonly received: (message: ServerMessage) => void;
  /** It is gone: what was asked on it will not be answered. */
  readonly departed: () => void;
};

/** `goaway` was obeyed. */
const MOVED = { code: 4450, reason: 'drained' } as const;

/** The connection that a session has moved from. It is listened to until nothing more is expected of it (SPEC K18). */
export class Former {
  readonly #deps: FormerDeps;
  #socket: LiveSocket | undefined;

  constructor(deps: FormerDeps) {
    this.#deps = deps;
  }

  get stands(): boolean {
    return this.#socket !== undefined;
  }

  /** Keeps the socket; one from an earlier move is left first. */
  keep(socket: LiveSocket): void {
    this.leave();
    this.#socket = socket;
    socket.listen({
      opened: () => {},
      received: data => this.#received(socket, data),
      closed: () => this.#gone(),
    });
  }

  /** Closes it. */
  leave(): void {
    if (this.#socket === undefined) return;
    this.#socket.abandon(MOVED.code, MOVED.reason);
    this.#gone();
  }

  #gone(): void {
    this.#socket = undefined;
    this.#deps.departed();
  }

  #received(socket: LiveSocket, data: WireData): void {
    const { codec, received } = this.#deps;
    const decoded = codec.decodeServer(data);
    if (!decoded.ok) return;
    const message = decoded.value;
    if (message.type !== 'ping') received(message);
    else socket.send(codec.encode(pongTo(message)));
  }
}
