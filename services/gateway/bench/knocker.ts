/** The other side of `refusal.ts`, in a process of its own: knocks at a port again and again and waits for each answer. */
import { connect } from 'node:net';

/** What the bench asks of its knocker. */
export type KnockerCommand = {
  readonly port: number;
  readonly attempts: number;
  /** Attempts under way at a time. */
  readonly abreast: number;
  /** More header lines of the handshake, each with its end. */
  readonly headers: string;
  /** Whether it waits for a close frame. */
  readonly leavesAt: 'answer' | 'close-frame';
};

/** A handshake as it comes through an ingress. */
const HEAD = [
  'GET /v1/ws HTTP/1.1',
  'Host: realtime.example.com',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: kittiwake.v1, kittiwake.resume',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
  'X-Forwarded-For: 203.0.113.7',
  'X-Forwarded-Proto: https',
  '',
].join('\r\n');

/** First byte of a close frame (RFC 6455 §5.5.1); no other answer has it. */
const CLOSE_FRAME = 0x88;

/** Knocks once, and leaves when it was told to, or was let in; resolves when the connection is over. */
function knock({ port, headers, leavesAt }: KnockerCommand): Promise<void> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${HEAD}${headers}\r\n`));
    socket.on('data', (chunk: Buffer) => {
      if (leavesAt === 'answer' || chunk.includes(CLOSE_FRAME)) socket.end();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve());
  });
}

process.on('message', async (command: KnockerCommand) => {
  let left = command.attempts;
  const one = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await knock(command);
    }
  };
  await Promise.all(Array.from({ length: command.abreast }, one));
  process.send?.('done');
});
