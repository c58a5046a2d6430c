import type { WireData } from '@kittiwake/protocol';
import type { DialRequest, Socket, SocketHandler, Transport } from './transport.ts';

/** The part of the platform's `WebSocket` class that is used: browsers, Node ≥ 22, workers and most others have it. */
export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocket;

const ABNORMAL = 1006;

/**
 * Connects by WebSocket. The class is looked up at each dial where none is given, so that loading the SDK needs none.
 * @example
 * const client = createClient({ url, token, transport: webSocketTransport() });
 */
export function webSocketTransport(platform?: WebSocketConstructor): Transport {
  return {
    dial(request, handler) {
      const socket = open(request, platform ?? globalThis.WebSocket);
      if (socket === undefined) {
        queueMicrotask(() => handler.closed(ABNORMAL));
        return { send: () => false, close: () => {} };
      }
      return listen(socket, handler);
    },
  };
}

/** A bad address, a page on https that dials ws, or no WebSocket at all: the constructor throws. */
function open({ url, protocols }: DialRequest, platform: WebSocketConstructor): WebSocket | undefined {
  try {
    const socket = new platform(url, [...protocols]);
    socket.binaryType = 'arraybuffer';
    return socket;
  } catch {
    return undefined;
  }
}

function listen(socket: WebSocket, handler: SocketHandler): Socket {
  let closed = false;
  const end = (code: number): void => {
    if (closed) return;
    closed = true;
    handler.closed(code);
  };
  socket.addEventListener('open', () => handler.opened());
  socket.addEventListener('message', ({ data }) => {
    if (!closed) handler.received(typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer));
  });
  socket.addEventListener('close', event => end(event.code));
  // An error is always followed by a close event, which says more; without a listener some platforms throw.
  socket.addEventListener('error', () => {});
  return { send: data => send(socket, data), close: (code, reason) => close(socket, code, reason) };
}

function send(socket: WebSocket, data: WireData): boolean {
  if (socket.readyState !== socket.OPEN) return false;
  try {
    socket.send(data as string | Uint8Array<ArrayBuffer>);
    return true;
  } catch {
    return false;
  }
}

/** Browsers take 1000 and 3000–4999 only. */
function close(socket: WebSocket, code: number, reason: string): void {
  try {
    socket.close(code, reason);
  } catch {
    socket.close();
  }
}
