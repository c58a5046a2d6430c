/** The clients of `catch-up.ts` that were away, in a process of their own: each comes back to one channel from far behind. */
import { systemClock } from '@kittiwake/base';
import { WebSocket } from 'ws';

/** What the bench asks of them: to come back all at once, to so many channels in turn, each from `position`. */
export type ComeBack = {
  readonly ports: readonly number[];
  readonly token: string;
  readonly clients: number;
  readonly channels: readonly { readonly channel: string; readonly position: Position }[];
};

/** What they say once everybody has everything. */
export type CameBack = { readonly tookMs: number; readonly replayed: number; readonly refused: number };

/** Where a client is in its channel. */
export type Position = { readonly offset: number; readonly epoch: string };

const COME_AGAIN_MS = 500;
let replayed = 0;
let refused = 0;

/** Resolves when it has all that it missed. */
function comeBack(order: ComeBack, n: number): Promise<void> {
  const { channel, position } = order.channels[n % order.channels.length] ?? fail();
  const port = order.ports[Math.floor(n / order.channels.length) % order.ports.length];
  const ws = new WebSocket(`ws://127.0.0.1:${port}/v1/ws`, ['kittiwake.v1']);
  let owedTo = Number.POSITIVE_INFINITY;
  const join = (): void => ws.send(JSON.stringify({ type: 'join', ref: 2, channel, position }));
  ws.on('open', () => {
    ws.send(JSON.stringify({ type: 'connect', ref: 1, protocol: 1, token: order.token }));
    join();
  });
  return new Promise((resolve, reject) => {
    ws.on('error', reject);
    ws.on('close', code => reject(new Error(`closed with ${code}`)));
    ws.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString());
      switch (message.type) {
        case 'ping':
          ws.send(JSON.stringify({ type: 'pong', ref: message.ref }));
          return;
        case 'joined':
          if (message.resume.outcome !== 'recovered') reject(new Error(message.resume.outcome));
          owedTo = message.position.offset;
          return;
        case 'error':
          refused += 1;
          systemClock.after(message.retryAfterMs ?? COME_AGAIN_MS, join);
          return;
        case 'publication':
          replayed += 1;
          if (message.position.offset === owedTo) resolve();
      }
    });
  });
}

function fail(): never {
  throw new Error('there are no channels');
}

process.on('message', async (order: ComeBack) => {
  const startedMs = systemClock.monotonicMs();
  await Promise.all(Array.from({ length: order.clients }, (_, n) => comeBack(order, n)));
  const answer: CameBack = { tookMs: systemClock.monotonicMs() - startedMs, replayed, refused };
  process.send?.(answer);
});
