import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { background, type Clock } from '@kittiwake/base';
import type { ApiAppOptions } from './api-app.ts';

/** What the server is made from. */
export type ApiServerOptions = ApiAppOptions & { readonly listenPort: number; readonly clock: Clock };

/** Every wait and size of the listener (H6), milliseconds, bytes and counts. */
const BOUNDS = {
  headerBytesMax: 8_192,
  headersMax: 64,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 15_000,
  keepAliveMs: 30_000,
  connectionsMax: 1_024,
  /** Requests that run when the server stops may take this long. */
  stopMs: 5_000,
} as const;

/** The HTTP API for backends on its own port. */
export class ApiServer {
  readonly #options: ApiServerOptions;
  #server: Server | undefined;
  #stopping: Promise<void> = Promise.resolve();

  constructor(options: ApiServerOptions) {
    this.#options = options;
  }

  /** Listens; the answer is the port, which the system chose where 0 was asked for. Rejects where the port is taken. */
  async start(): Promise<number> {
    this.#server ??= createHttpServer(this.#options);
    if (!this.#server.listening) await once(this.#server.listen(this.#options.listenPort), 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Takes no more connections, waits for requests under way, and cuts what is left. */
  stop(): Promise<void> {
    if (this.#server !== undefined) this.#stopping = this.#close(this.#server);
    this.#server = undefined;
    return this.#stopping;
  }

  async #close(server: Server): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    server.closeIdleConnections();
    const cut = this.#options.clock.after(BOUNDS.stopMs, () => server.closeAllConnections());
    await closed;
    cut.cancel();
  }
}

function createHttpServer(options: ApiServerOptions): Server {
  const settings = {
    maxHeaderSize: BOUNDS.headerBytesMax,
    headersTimeout: BOUNDS.headersTimeoutMs,
    requestTimeout: BOUNDS.requestTimeoutMs,
    keepAliveTimeout: BOUNDS.keepAliveMs,
    connectionsCheckingInterval: 1_000,
  };
  const server = createServer(settings, listenLater(options));
  server.maxHeadersCount = BOUNDS.headersMax;
  server.maxConnections = BOUNDS.connectionsMax;
  return server;
}

/** The API is loaded by whoever calls first: a gateway that starts does not wait for it (H8, ADR 0091). */
function listenLater(options: ApiServerOptions): RequestListener {
  let loaded: Promise<RequestListener> | undefined;
  return (request, response) => {
    loaded ??= import('./request-listener.ts').then(module => module.createRequestListener(options));
    const answered = loaded.then(listener => listener(request, response));
    background(answered, 'api', (_, reason) => {
      options.logger.error('api.failed', { reason: String(reason) });
      response.destroy();
    });
  };
}
