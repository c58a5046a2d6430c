import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { background, deferred, type FailureSink } from '@kittiwake/base';

/** What the probes and Prometheus see. */
export type OperationsParts = {
  readonly unreadyReasons: () => readonly string[];
  readonly exposition: () => Promise<{ readonly contentType: string; readonly text: string }>;
  readonly onFailure: FailureSink;
};

const CONNECTIONS_MAX = 64;

/** Serves `/livez`, `/readyz` and `/metrics` over plain HTTP on a port of their own. */
export class OperationsServer {
  readonly #parts: OperationsParts;
  #server: Server | undefined;

  constructor(parts: OperationsParts) {
    this.#parts = parts;
  }

  /** Listens and resolves to the port. */
  async start(port: number): Promise<number> {
    const server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000 }, (request, response) =>
      background(this.#handle(request, response), 'operations', this.#parts.onFailure),
    );
    server.maxConnections = CONNECTIONS_MAX;
    const listening = deferred<void>();
    server.once('error', listening.reject);
    server.listen(port, () => listening.resolve());
    await listening.promise;
    this.#server = server;
    return (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = deferred<void>();
    server.close(() => closed.resolve());
    server.closeAllConnections();
    await closed.promise;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const path = (request.url ?? '').split('?', 1)[0];
    if (path === '/livez') return reply(response, { code: 200, text: 'alive\n' });
    if (path === '/readyz') return reply(response, this.#readiness());
    if (path !== '/metrics') return reply(response, { code: 404, text: 'not found\n' });
    reply(response, { code: 200, ...(await this.#parts.exposition()) });
  }

  #readiness(): Reply {
    const reasons = this.#parts.unreadyReasons();
    return reasons.length === 0
      ? { code: 200, text: 'ready\n' }
      : { code: 503, text: `${reasons.join('\n')}\n` };
  }
}

type Reply = { readonly code: number; readonly text: string; readonly contentType?: string };

function reply(
  response: ServerResponse,
  { code, text, contentType = 'text/plain; charset=utf-8' }: Reply,
): void {
  response.writeHead(code, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
