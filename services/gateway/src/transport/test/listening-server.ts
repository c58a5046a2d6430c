import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { type Clock, systemClock, systemRandom } from '@kittiwake/base';
import { WebSocket } from 'ws';
import { Admission, type AdmissionParts } from '../../limits/admission.ts';
import { fullRate } from '../../limits/admission-rate.ts';
import { createRecordingMetrics, type RecordingMetrics } from '../../metrics/recording-metrics.ts';
import { silentLogger } from '../../telemetry/logger.ts';
import { type ClientServer, createClientServer } from '../client-server.ts';
import type { HttpRoutes } from '../http-server.ts';
import type { Frame, Handshake, Peer, PeerHandler } from '../peer-handler.ts';
import { DEFAULT_TRANSPORT_LIMITS, type TransportLimits } from '../transport-limits.ts';

/** What the server saw of one peer. */
export type SeenPeer = {
  readonly peer: Peer;
  readonly handshake: Handshake;
  readonly received: (string | Uint8Array)[];
  /** Resolves with the code that the handler was told. */
  readonly closed: Promise<number>;
  /** Resolves when the next message, or the n-th from the first, is there. */
  message(n?: number): Promise<string | Uint8Array>;
};

/** A client port on a free port of this machine, stopped with the test. */
export type ListeningServer = {
  readonly server: ClientServer;
  readonly port: number;
  readonly metrics: RecordingMetrics;
  readonly peers: SeenPeer[];
  /** Resolves with the n-th peer, counted from 0. */
  peer(n: number): Promise<SeenPeer>;
  open(protocols?: string[], options?: { readonly headers?: Record<string, string> }): Promise<WebSocket>;
};

/** Starts a client port; limits are those that ship, but for a short wait for close frames, unless given. */
export async function listeningServer(
  t: TestContext,
  options: {
    readonly limits?: Partial<TransportLimits>;
    readonly clock?: Clock;
    readonly routes?: HttpRoutes;
    readonly admission?: Partial<AdmissionParts>;
    readonly receive?: (data: string | Uint8Array, peer: Peer) => void;
  } = {},
): Promise<ListeningServer> {
  const metrics = createRecordingMetrics();
  const peers: SeenPeer[] = [];
  const arrivals = new Notifier();
  const server = createClientServer({
    clock: options.clock ?? systemClock,
    metrics,
    log: silentLogger,
    admission: admissionOf(options),
    turnAway,
    limits: { ...DEFAULT_TRANSPORT_LIMITS, closeTimeoutMs: 100, ...options.limits },
    ...(options.routes === undefined ? {} : { routes: options.routes }),
    accept(peer, handshake) {
      const { seen, handler } = watch(peer, { handshake, receive: options.receive });
      peers.push(seen);
      arrivals.notify();
      return handler;
    },
  });
  const port = await server.start(0, '127.0.0.1');
  t.after(() => server.stop());
  const peer = async (n: number): Promise<SeenPeer> => {
    await arrivals.until(() => peers.length > n);
    const seen = peers[n];
    if (seen === undefined) throw new Error('the peer is there');
    return seen;
  };
  return { server, port, metrics, peers, peer, open: opener(t, port) };
}

function turnAway(peer: Peer, ms: number): void {
  peer.send(textFrame(`in ${Math.round(ms)} ms`));
  peer.close(1013, 'try_again_later');
}

/** Lets everybody in, unless told otherwise. */
function admissionOf({
  clock = systemClock,
  admission = {},
}: {
  readonly clock?: Clock;
  readonly admission?: Partial<AdmissionParts>;
}): Admission {
  const bounds = { perSecondMin: 10_000, perSecondMax: 10_000 };
  const random = systemRandom;
  const parts = { clock, random, bounds, burst: 10_000, retryAfterMaxMs: 20_000, ...admission };
  return new Admission({ rate: fullRate(parts.bounds), ...parts });
}

/** Opens clients that end with the test. */
function opener(t: TestContext, port: number): ListeningServer['open'] {
  return async (protocols = [], options = {}) => {
    const ws = new WebSocket(`ws://127.0.0.1:${port}/v1/ws`, protocols, { headers: options.headers ?? {} });
    t.after(() => ws.terminate());
    await once(ws, 'open');
    return ws;
  };
}

/** Writes down what happens to one peer. */
function watch(
  peer: Peer,
  parts: {
    readonly handshake: Handshake;
    readonly receive: ((data: string | Uint8Array, peer: Peer) => void) | undefined;
  },
): { seen: SeenPeer; handler: PeerHandler } {
  const closed = Promise.withResolvers<number>();
  const received: (string | Uint8Array)[] = [];
  const messages = new Notifier();
  const message = async (n = received.length) => {
    await messages.until(() => received.length > n);
    return received[n] ?? '';
  };
  const receive = (data: string | Uint8Array): void => {
    received.push(data);
    messages.notify();
    parts.receive?.(data, peer);
  };
  return {
    seen: { peer, handshake: parts.handshake, received, closed: closed.promise, message },
    handler: { receive, closed: closed.resolve },
  };
}

/** Wakes whoever waits for a condition, each time something happened. */
class Notifier {
  #waiting: (() => void)[] = [];

  notify(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>(resolve => this.#waiting.push(resolve));
  }
}

/** A JSON text frame. */
export function textFrame(payload: string | Buffer): Frame {
  return { format: 'json', payload: Buffer.from(payload) };
}

/** The code and reason with which a client sees its connection end. */
export async function closeOf(ws: WebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = (await once(ws, 'close')) as [number, Buffer];
  return { code, reason: reason.toString() };
}

/** A TCP connection that speaks for itself. */
export async function rawSocket(t: TestContext, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** The head of a good handshake, without its last empty line. */
export const HANDSHAKE_HEAD = [
  'GET /v1/ws HTTP/1.1',
  'Host: test',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
].join('\r\n');

/** Sends a handshake by hand and resolves, paused, when it was answered. */
export async function rawWebSocket(t: TestContext, port: number): Promise<Socket> {
  const socket = await rawSocket(t, port);
  socket.write(`${HANDSHAKE_HEAD}\r\n\r\n`);
  await once(socket, 'data');
  socket.pause();
  return socket;
}

/** Everything that arrives until the other end ends. */
export async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.resume();
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}

/** A frame of a client, masked with zeros (RFC 6455 §5.3); `first` is FIN, RSV and opcode. */
export function clientFrame(first: number, payload: Buffer): Buffer {
  const length =
    payload.length < 126
      ? Buffer.from([0x80 | payload.length])
      : Buffer.from([0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([Buffer.from([first]), length, Buffer.alloc(4), payload]);
}
