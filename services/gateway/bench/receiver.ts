import { connect, type Socket } from 'node:net';

/** What the benchmark asks of the receiver: subscribers on a port, or word when so many frames have come in all. */
export type ReceiverCommand =
  | { readonly do: 'connect'; readonly port: number; readonly subscribers: number }
  | { readonly do: 'expect'; readonly frames: number }
  | { readonly do: 'disconnect' };

/** What it answers, once each: it is connected, or has counted what was expected. */
export type ReceiverAnswer = { readonly done: ReceiverCommand['do'] };

const HANDSHAKE = [
  'GET /v1/ws HTTP/1.1',
  'Host: bench',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
].join('\r\n');

let sockets: Socket[] = [];
let counted = 0;
let expected = Number.POSITIVE_INFINITY;

process.on('message', (command: ReceiverCommand) => {
  switch (command.do) {
    case 'connect': {
      const opened = Array.from({ length: command.subscribers }, () => subscribe(command.port));
      Promise.all(opened).then(all => {
        sockets = sockets.concat(all);
        answer({ done: 'connect' });
      }, fail);
      return;
    }
    case 'expect':
      expected = command.frames;
      answerIfCounted();
      return;
    case 'disconnect':
      for (const socket of sockets) socket.destroy();
      sockets = [];
      counted = 0;
      answer({ done: 'disconnect' });
  }
});

/** Opens one WebSocket by hand and counts its frames by their headers: nothing is unpacked, so that it costs little. */
function subscribe(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(HANDSHAKE));
    socket.once('error', reject);
    socket.once('data', () => {
      socket.on('data', frameCounter());
      resolve(socket);
    });
  });
}

/** Counts frames of up to 64 KiB in a stream that is cut anywhere. */
function frameCounter(): (chunk: Buffer) => void {
  let header = '';
  let left = 0;
  return chunk => {
    let at = 0;
    while (at < chunk.length) {
      if (left > 0) {
        const step = Math.min(left, chunk.length - at);
        left -= step;
        at += step;
        continue;
      }
      header += String.fromCharCode(chunk[at] ?? 0);
      at += 1;
      const size = header.length < 2 ? 0 : header.charCodeAt(1);
      if (header.length < 2 || (size === 126 && header.length < 4)) continue;
      left = size === 126 ? header.charCodeAt(2) * 256 + header.charCodeAt(3) : size;
      header = '';
      counted += 1;
    }
    answerIfCounted();
  };
}

function answerIfCounted(): void {
  if (counted < expected) return;
  expected = Number.POSITIVE_INFINITY;
  answer({ done: 'expect' });
}

function answer(message: ReceiverAnswer): void {
  process.send?.(message);
}

function fail(reason: unknown): void {
  console.error(reason);
  process.exit(1);
}
