import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../telemetry/logger.ts';
import { type HealthSource, readiness } from './readiness.ts';

/** What the operations port shows. */
export type OperationsParts = {
  /** `/livez`: sources that only a restart heals. */
  readonly live: readonly HealthSource[];
  /** `/readyz`: sources without which no client should be sent here. */
  readonly ready: readonly HealthSource[];
  /** `/metrics`. */
  readonly render: () => Promise<{ readonly contentType: string; readonly body: string }>;
  readonly log: Logger;
};

/** The operations port: `/livez`, `/readyz`, `/metrics`. */
export type OperationsServer = {
  /** Listens; 0 chooses a free port. Resolves with the port, rejects where it cannot listen. */
  start(port: number, host?: string): Promise<number>;
  /** Stops listening and ends what is open. Idempotent. */
  stop(): Promise<void>;
};

type Answer = { readonly status: number; readonly contentType: string; readonly body: string };

const JSON_TYPE = 'application/json';

/** Makes the operations port. It has no clients but kubelets and scrapers, so its bounds are small (rule D5). */
export function createOperationsServer(parts: OperationsParts): OperationsServer {
  const server = createServer({
    maxHeaderSize: 8_192,
    headersTimeout: 5_000,
    requestTimeout: 5_000,
    connectionsCheckingInterval: 1_000,
    keepAliveTimeout: 5_000,
  });
  server.maxConnections = 64;
  server.maxHeadersCount = 64;
  server.on('clientError', (_error, socket) => socket.destroy());
  server.on('request', (request, response) => void respond(parts, request, response));
  let stopping: Promise<void> | undefined;
  return {
    start: (port, host) => listen(server, { port, host }),
    stop() {
      stopping ??= new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return stopping;
    },
  };
}

async function listen(server: Server, where: { port: number; host: string | undefined }): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(where, resolve);
  await promise;
  server.off('error', reject);
  return (server.address() as AddressInfo).port;
}

async function respond(
  parts: OperationsParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = await answered(parts, request).catch((reason: unknown): Answer => {
    parts.log.error('operations.failed', { reason: String(reason) });
    return { status: 500, contentType: JSON_TYPE, body: '{"error":{"kind":"internal"}}' };
  });
  const headers = { 'content-type': answer.contentType, 'content-length': Buffer.byteLength(answer.body) };
  response.writeHead(answer.status, answer.status === 405 ? { ...headers, allow: 'GET, HEAD' } : headers);
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

async function answered(parts: OperationsParts, request: IncomingMessage): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return failure(405, 'method_not_allowed');
  switch (request.url?.split('?', 1)[0]) {
    case '/livez':
      return health(parts.live);
    case '/readyz':
      return health(parts.ready);
    case '/metrics':
      return { status: 200, ...(await parts.render()) };
    default:
      return failure(404, 'not_found');
  }
}

function health(sources: readonly HealthSource[]): Answer {
  const state = readiness(sources);
  return { status: state.ready ? 200 : 503, contentType: JSON_TYPE, body: JSON.stringify(state) };
}

function failure(status: number, kind: string): Answer {
  return { status, contentType: JSON_TYPE, body: JSON.stringify({ error: { kind } }) };
}
