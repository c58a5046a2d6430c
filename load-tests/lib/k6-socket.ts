import { type MessageEvent, WebSocket } from 'k6/websockets';
import { SUBPROTOCOL } from '../../packages/protocol/src/version.ts';
import type { OpenRawSocket } from './raw-socket.ts';

const ABNORMAL = 1006;

/** Sockets of k6. The `name` tag stands for the URL in k6's metrics, so that no address becomes a series of its own. */
export function k6Sockets(url: string): OpenRawSocket {
  return events => {
    const socket = new WebSocket(url, null, {
      headers: { 'Sec-WebSocket-Protocol': SUBPROTOCOL.json },
      tags: { name: 'gateway' },
    });
    let over = false;
    const end = (code: number): void => {
      if (over) return;
      over = true;
      events.closed(code);
    };
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => events.opened());
    socket.addEventListener('ping', () => events.heard());
    socket.addEventListener('message', event => {
      if (isText(event)) events.received(event.data);
    });
    socket.addEventListener('error', () => end(ABNORMAL));
    socket.addEventListener('close', event => end(codeOf(event)));
    return { send: data => socket.send(data), close: () => socket.close() };
  };
}

function isText(event: object): event is MessageEvent & { readonly data: string } {
  return 'data' in event && typeof event.data === 'string';
}

/** k6 leaves the code out where there was none. */
function codeOf(event: object): number {
  return 'code' in event && typeof event.code === 'number' && event.code > 0 ? event.code : ABNORMAL;
}
