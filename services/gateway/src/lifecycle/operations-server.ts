import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../telemetry/logger.ts';
import type { GatewayStatus } from './gateway-status.ts';
import { COMMAND_BYTES_MAX, type HandoverParts, handOver } from './handover-endpoint.ts';
import { type HealthSource, readiness } from './readiness.ts';

/** What the operations port shows. */
export type OperationsParts = {
  /** `/livez`: sources that only a restart heals. */
  readonly live: readonly HealthSource[];
  /** `/readyz`: sources without which no client should be sent here. */
  readonly ready: readonly HealthSource[];
  /** `/metrics`. */
  readonly render: () => Promise<{ readonly contentType: string; readonly body: string }>;
  /** `/status`. */
  readonly status: () => GatewayStatus;
  /** `/handover`, the one path that changes something. */
  readonly handover: HandoverParts;
  readonly log: Logger;
};

/** The operations port: `/livez`, `/readyz`, `/metrics`, `/status`, `/handover`. */
export type OperationsServer = {
  /** Listens; 0 chooses a free port. Resolves with the port, rejects where it cannot listen. */
  start(port: number, host?: string): Promise<number>;
  /** Stops listening and ends what is open. Idempotent. */
  stop(): Promise<void>;
};

type Answer = {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly allow?: string;
};

const JSON_TYPE = 'application/json';

/** Makes the operations port. It has no clients but kubelets, scrapers and the controller, so its bounds are small (rule D5). */
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
  response.writeHead(
    answer.status,
    answer.allow === undefined ? headers : { ...headers, allow: answer.allow },
  );
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

async function answered(parts: OperationsParts, request: IncomingMessage): Promise<Answer> {
  const path = request.url?.split('?', 1)[0];
  if (path === '/handover') return handedOver(parts, request);
  if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed('GET, HEAD');
  switch (path) {
    case '/livez':
      return health(parts.live);
    case '/readyz':
      return health(parts.ready);
    case '/metrics':
      return { status: 200, ...(await parts.render()) };
    case '/status':
      return json(200, parts.status());
    default:
      return failure(404, 'not_found');
  }
}

async function handedOver({ handover }: OperationsParts, request: IncomingMessage): Promise<Answer> {
  if (request.method !== 'POST') return notAllowed('POST');
  const body = await readCommandBody(request);
  if (body === undefined) return failure(413, 'message_too_large');
  const started = handOver(handover, { authorization: request.headers.authorization ?? '', body });
  return started.ok ? json(202, started.value) : json(started.error.status, { error: started.error.error });
}

/** `undefined` where it is too long. The rest is not read: the connection ends with the answer. */
async function readCommandBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > COMMAND_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function health(sources: readonly HealthSource[]): Answer {
  const state = readiness(sources);
  return json(state.ready ? 200 : 503, state);
}

function json(status: number, body: object): Answer {
  return { status, contentType: JSON_TYPE, body: JSON.stringify(body) };
}

function notAllowed(allow: string): Answer {
  return { ...failure(405, 'method_not_allowed'), allow };
}

function failure(status: number, kind: string): Answer {
  return json(status, { error: { kind } });
}
