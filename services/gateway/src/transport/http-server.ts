import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ENDPOINT_PATH } from '@kittiwake/protocol';
import type { Logger } from '../telemetry/logger.ts';
import type { Refusals } from './refusal.ts';
import type { TransportLimits } from './transport-limits.ts';
import type { RefusalKind } from './upgrade.ts';

/** Plain HTTP on the client port, for development: the demo page, and tokens. */
export type HttpRoutes = {
  /** Takes the request and answers it, now or later; `false` where it is none of its own. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
};

/** No routes. */
export const NO_ROUTES: HttpRoutes = { handle: () => false };

/** What a server tells its owner. */
export type HttpServerEvents = {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** A connection was refused before it was a request. */
  refused(kind: RefusalKind): void;
};

/** The kernel takes the lesser of this and `somaxconn`; Node's own 511 drops handshakes in a storm. */
export const LISTEN_BACKLOG = 4_096;
const HEADERS_MAX = 64;

/** Builds the HTTP server of the client port; every wait and every size is bounded (rule T3). It does not listen yet. */
export function createHttpServer(
  parts: {
    readonly limits: TransportLimits;
    readonly routes: HttpRoutes;
    readonly refusals: Refusals;
    readonly log: Logger;
  },
  events: HttpServerEvents,
): Server {
  const { limits, log } = parts;
  const server = createServer({
    maxHeaderSize: limits.headerBytesMax,
    headersTimeout: limits.handshakeTimeoutMs,
    requestTimeout: limits.handshakeTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, limits.handshakeTimeoutMs),
    keepAliveTimeout: 5_000,
  });
  server.maxHeadersCount = HEADERS_MAX;
  server.maxConnections = limits.connectionsMax + limits.pendingConnectionsMax;
  server.on('request', (request, response) => answer(parts.routes, { request, response, log }));
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    events.upgrade(request, socket, head);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const kind = refusalOf(error.code);
    if (kind === undefined || !socket.writable) {
      socket.destroy();
      return;
    }
    events.refused(kind);
    parts.refusals.send(socket, kind);
  });
  return server;
}

function answer(
  routes: HttpRoutes,
  call: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly log: Logger },
): void {
  const { request, response } = call;
  try {
    if (routes.handle(request, response)) return;
  } catch (reason) {
    call.log.error('transport.route_failed', { reason: String(reason) });
    if (!response.headersSent) response.writeHead(500);
    response.end();
    return;
  }
  const path = request.url?.split('?', 1)[0];
  if (path === ENDPOINT_PATH) {
    response.writeHead(426, {
      connection: 'close',
      upgrade: 'websocket',
      'content-type': 'application/json',
    });
    response.end('{"error":{"kind":"upgrade_required"}}');
    return;
  }
  response.writeHead(404, { connection: 'close', 'content-type': 'application/json' });
  response.end('{"error":{"kind":"not_found"}}');
}

/** What to answer to a connection that sent no request; nothing to one that broke. */
function refusalOf(code: string | undefined): RefusalKind | undefined {
  if (code === 'ECONNRESET' || code === 'EPIPE') return undefined;
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'handshake_timeout';
  return 'malformed_request';
}
