import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Clock, type Millis, type Random, systemRandom } from '@kittiwake/base';
import { CLOSE_CODES, ENDPOINT_PATH } from '@kittiwake/protocol';
import { type ServerOptions, WebSocketServer } from 'ws';
import { ConnectionQuota } from '../limits/connection-quota.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type ClientAddress, createClientAddress } from './client-address.ts';
import { type Defer, FlushScheduler } from './flush-scheduler.ts';
import { createHttpServer, type HttpRoutes, LISTEN_BACKLOG, NO_ROUTES } from './http-server.ts';
import type { AcceptPeer, Handshake, Peer } from './peer-handler.ts';
import { createRefusals, type Refusals } from './refusal.ts';
import { Tally } from './tally.ts';
import { assertTransportLimits, type TransportLimits } from './transport-limits.ts';
import { type Turn, Turnstile, type TurnstileAdmission } from './turnstile.ts';
import {
  chooseSubprotocol,
  decideUpgrade,
  REFUSALS,
  type RefusalKind,
  type UpgradeDecision,
} from './upgrade.ts';
import { type Connection, type PeerContext, WsPeer } from './ws-peer.ts';

/** What the client port is made of. */
export type ClientServerParts = {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly limits: TransportLimits;
  /** Lets newcomers in at a rate. */
  readonly admission: TurnstileAdmission;
  readonly accept: AcceptPeer;
  /** Tells a peer to come back after so many milliseconds, and closes it. */
  readonly turnAway: (peer: Peer, reconnectAfterMs: Millis) => void;
  readonly routes?: HttpRoutes;
  readonly random?: Random;
  readonly defer?: Defer;
};

/** The client port: WebSockets, and in development a few HTTP routes. */
export type ClientServer = {
  /** Listens; 0 chooses a free port. Resolves with the port, rejects where it cannot listen. */
  start(port: number, host?: string): Promise<number>;
  /** From now on every handshake is answered 503 with `Retry-After`; open connections stay (rule D2). */
  stopAccepting(): void;
  /** Closes what is open with 1001 and stops listening; resolves when all connections are gone. Idempotent. */
  stop(): Promise<void>;
  /** Open WebSockets. */
  connections(): number;
};

const USER_AGENT_MAX = 256;
const DRAINING: Turn = { turn: 'away', kind: 'draining', retryAfterMs: undefined };

/** Makes the client port. Nothing happens before `start`. */
export function createClientServer(parts: ClientServerParts): ClientServer {
  assertTransportLimits(parts.limits);
  return new WsClientServer(parts);
}

class WsClientServer implements ClientServer {
  readonly #parts: ClientServerParts;
  readonly #context: PeerContext;
  readonly #quota: ConnectionQuota;
  readonly #turnstile: Turnstile;
  readonly #refusals: Refusals;
  readonly #clientAddress: ClientAddress;
  readonly #http: Server;
  readonly #upgrader: WebSocketServer;
  readonly #peers = new Set<WsPeer>();
  #draining = false;
  #stopping: Promise<void> | undefined;

  constructor(parts: ClientServerParts) {
    const { limits, metrics } = parts;
    this.#parts = parts;
    const tally = new Tally(metrics);
    const scheduler = new FlushScheduler(parts.defer ?? setImmediate, () => tally.report());
    this.#context = { ...parts, scheduler, tally };
    this.#quota = new ConnectionQuota(limits);
    this.#turnstile = new Turnstile(parts);
    this.#refusals = createRefusals({ ...limits, random: parts.random ?? systemRandom });
    this.#clientAddress = createClientAddress(limits.trustedProxies);
    this.#http = createHttpServer(
      { limits, routes: parts.routes ?? NO_ROUTES, refusals: this.#refusals, log: parts.log },
      { upgrade: (...call) => this.#upgrade(...call), refused: kind => this.#countHandshake(kind) },
    );
    this.#upgrader = createUpgrader(limits);
  }

  async start(port: number, host?: string): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#http.once('error', reject);
    this.#http.listen({ port, host, backlog: LISTEN_BACKLOG }, () => {
      this.#http.off('error', reject);
      this.#http.on('error', reason =>
        this.#parts.log.error('transport.server_failed', { reason: String(reason) }),
      );
      resolve((this.#http.address() as AddressInfo).port);
    });
    return await promise;
  }

  stopAccepting(): void {
    if (this.#draining) return;
    this.#draining = true;
    this.#parts.metrics.add('kittiwake_connections_active', -this.#peers.size);
    this.#parts.metrics.add('kittiwake_connections_draining', this.#peers.size);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  connections(): number {
    return this.#peers.size;
  }

  async #stop(): Promise<void> {
    this.stopAccepting();
    const { promise, resolve } = Promise.withResolvers<void>();
    // Fails only where it never listened, which is as good as closed.
    this.#http.close(() => resolve());
    for (const peer of this.#peers) peer.close(1001, CLOSE_CODES[1001].reason);
    this.#http.closeAllConnections();
    await promise;
  }

  /** What is cheapest to refuse is refused first: a storm is not looked at (SPEC L6). */
  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { origin, 'sec-websocket-protocol': protocols } = request.headers;
    const turn = this.#draining ? DRAINING : this.#turnstile.judge({ protocols, origin });
    if (turn.turn === 'away') {
      this.#refuse(socket, turn.kind, turn.retryAfterMs);
      return;
    }
    const address = this.#addressOf(request);
    const decision = this.#decide(request, address);
    if (decision.verdict === 'reject') {
      this.#refuse(socket, decision.kind);
      return;
    }
    const { format, token } = decision;
    this.#upgrader.handleUpgrade(request, socket, head, ws => {
      const connection = { ws, socket, format, address };
      if (turn.turn === 'tell') this.#tell(connection, turn);
      else this.#open(connection, { token, origin, userAgent: userAgentOf(request) });
    });
  }

  #decide({ method, url, headers }: IncomingMessage, address: string): UpgradeDecision {
    return decideUpgrade(
      {
        method,
        url,
        upgrade: headers.upgrade,
        key: headers['sec-websocket-key'],
        version: headers['sec-websocket-version'],
        origin: headers.origin,
        protocols: headers['sec-websocket-protocol'],
      },
      {
        ...this.#parts.limits,
        path: ENDPOINT_PATH,
        draining: this.#draining,
        quota: this.#quota.verdict(address),
      },
    );
  }

  #addressOf({ socket, headers }: IncomingMessage): string {
    return this.#clientAddress(socket.remoteAddress ?? '', headers['x-forwarded-for']?.toString());
  }

  #refuse(socket: Duplex, kind: RefusalKind, retryAfterMs?: Millis): void {
    this.#countHandshake(kind);
    this.#refusals.send(socket, kind, retryAfterMs);
  }

  /** Counted as refused: it is no connection to anybody but whoever is told, and over in a moment. */
  #tell(connection: Connection, { retryAfterMs }: Extract<Turn, { turn: 'tell' }>): void {
    const peer = new WsPeer(connection, this.#context);
    this.#countHandshake('storm');
    this.#turnstile.toldCame();
    peer.attach({ receive: () => {}, closed: () => {} }, () => this.#turnstile.toldLeft());
    this.#parts.turnAway(peer, retryAfterMs);
  }

  #open(connection: Connection, handshake: Handshake): void {
    const { accept, metrics, log } = this.#parts;
    const peer = new WsPeer(connection, this.#context);
    this.#quota.admit(connection.address);
    this.#peers.add(peer);
    this.#countHandshake('accepted');
    metrics.add('kittiwake_connections_active', 1);
    const closed = (): void => {
      this.#peers.delete(peer);
      this.#quota.release(connection.address);
      metrics.add(this.#draining ? 'kittiwake_connections_draining' : 'kittiwake_connections_active', -1);
    };
    try {
      peer.attach(accept(peer, handshake), closed);
    } catch (reason) {
      metrics.count('kittiwake_assertion_failures_total', 1, { room: 'session' });
      log.error('transport.accept_failed', { reason: String(reason) });
      peer.attach({ receive: () => {}, closed: () => {} }, closed);
      peer.close(1011, CLOSE_CODES[1011].reason);
    }
  }

  #countHandshake(outcome: RefusalKind | 'accepted'): void {
    const result = outcome === 'accepted' ? outcome : REFUSALS[outcome].result;
    this.#parts.metrics.count('kittiwake_handshakes_total', 1, { result });
  }
}

function userAgentOf({ headers }: IncomingMessage): string | undefined {
  return headers['user-agent']?.slice(0, USER_AGENT_MAX);
}

/** `ws` for what it is best at: the handshake's answer, and reading frames. Compression is off; sizes are bounded. */
function createUpgrader(limits: TransportLimits): WebSocketServer {
  const options: ServerOptions & { readonly closeTimeout: number } = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.messageBytesMax,
    maxFragments: limits.fragmentsMax,
    maxBufferedChunks: limits.bufferedChunksMax,
    closeTimeout: limits.closeTimeoutMs,
    handleProtocols: offers => chooseSubprotocol([...offers])?.subprotocol ?? false,
  };
  const upgrader = new WebSocketServer(options);
  // Our own decision came before; whatever `ws` still finds is not worth an answer.
  upgrader.on('wsClientError', (_error, socket) => socket.destroy());
  return upgrader;
}
