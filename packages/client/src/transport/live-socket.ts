import type { WireData } from '@kittiwake/protocol';
import type { DialRequest, Socket, SocketHandler, Transport } from './transport.ts';

/**
 * The one socket that counts. Browsers may take minutes to report a dead socket as closed, so one that is given up is
 * forgotten at once, and what it says afterwards is not heard (SPEC K9).
 */
export class LiveSocket {
  readonly #transport: Transport;
  #socket: Socket | undefined;
  #handler: SocketHandler | undefined;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get open(): boolean {
    return this.#socket !== undefined;
  }

  /** Whoever dialled listens, until somebody else does. */
  dial(request: DialRequest, handler: SocketHandler): void {
    this.#handler = handler;
    let socket: Socket | undefined;
    const current = (): boolean => socket !== undefined && socket === this.#socket;
    socket = this.#transport.dial(request, {
      opened: () => current() && this.#handler?.opened(),
      received: data => current() && this.#handler?.received(data),
      closed: (code, retryAfterMs) => {
        if (!current()) return;
        this.#socket = undefined;
        this.#handler?.closed(code, retryAfterMs);
      },
    });
    this.#socket = socket;
  }

  /** Somebody else listens from here on. */
  listen(handler: SocketHandler): void {
    this.#handler = handler;
  }

  /** Sends; false where there is no socket, or it is not open. */
  send(data: WireData): boolean {
    return this.#socket?.send(data) ?? false;
  }

  abandon(code: number, reason: string): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(code, reason);
  }
}
