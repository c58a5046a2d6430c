import { type MessageEvent, WebSocket } from 'k6/websockets';
import { SUBPROTOCOL } from '../../packages/protocol/src/version.ts';
import type { OpenRawSocket } from './raw-socket.ts';

const ABNORMAL = 1006;
/** The ready state by its number: k6 1.8 has no constants on its sockets. */
const CONNECTING = 0;

/**
 * Sockets of k6. The `name` tag stands for the URL in k6's metrics, so that no address becomes a series of its own.
 * Two things differ from a browser (k6 1.8.1): every close with another code than 1000 is an `error` first, without the code, so
 * that only `close` counts; and `close()` while the socket still dials stops k6's event loop for ever, so that it has to wait.
 */
export function k6Sockets(url: string): OpenRawSocket {
  return events => {
    const socket = new WebSocket(url, null, {
      headers: { 'Sec-WebSocket-Protocol': SUBPROTOCOL.json },
      tags: { name: 'gateway' },
    });
    let unwanted = false;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => (unwanted ? socket.close() : events.opened()));
    socket.addEventListener('ping', () => events.heard());
    socket.addEventListener('message', event => {
      if (isText(event)) events.received(event.data);
    });
    socket.addEventListener('close', event => events.closed(codeOf(event)));
    return {
      send: data => socket.send(data),
      close() {
        unwanted = true;
        if (socket.readyState !== CONNECTING) socket.close();
      },
    };
  };
}

function isText(event: object): event is MessageEvent & { readonly data: string } {
  return 'data' in event && typeof event.data === 'string';
}

/** k6 leaves the code out where there was none. */
function codeOf(event: object): number {
  return 'code' in event && typeof event.code === 'number' && event.code > 0 ? event.code : ABNORMAL;
}
