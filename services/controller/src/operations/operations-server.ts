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
    if (path === '/livez') return reply(response, 200, 'alive\n');
    if (path === '/readyz') {
      const reasons = this.#parts.unreadyReasons();
      return reply(
        response,
        reasons.length === 0 ? 200 : 503,
        reasons.length === 0 ? 'ready\n' : `${reasons.join('\n')}\n`,
      );
    }
    if (path !== '/metrics') return reply(response, 404, 'not found\n');
    const { contentType, text } = await this.#parts.exposition();
    reply(response, 200, text, contentType);
  }
}

function reply(
  response: ServerResponse,
  code: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(code, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
