import { constants } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { background, deferred, type FailureSink } from '@kittiwake/base';
import type { ServingMaterial } from '../certificates/serving-material.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { ApiAnswer, ApiRequest } from './answer.ts';
import type { ClientProof } from './front-proxy.ts';

/** What the server is made of; `answer` never rejects unless our own code is wrong. */
export type MetricsApiParts = {
  readonly metrics: Metrics;
  readonly answer: (request: ApiRequest) => Promise<ApiAnswer>;
  readonly onFailure: FailureSink;
};

const CONNECTIONS_MAX = 256;

/** The HTTPS server in front of `answer`: asks for client certificates, and takes a new certificate without closing a connection. */
export class MetricsApiServer {
  readonly #parts: MetricsApiParts;
  #server: Server | undefined;

  constructor(parts: MetricsApiParts) {
    this.#parts = parts;
  }

  /** Listens and resolves to the port. `clientCaPem` signs the callers' certificates. */
  async start(port: number, material: ServingMaterial, clientCaPem: string): Promise<number> {
    const server = createServer({
      ...secureContext(material, clientCaPem),
      // [R15] The certificate is asked for but judged by us, so that a stranger gets a 401 and not a broken connection.
      requestCert: true,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      minVersion: 'TLSv1.2',
      // No resumption: a session that outlived the CA which vouched for it would still count as trusted.
      secureOptions: constants.SSL_OP_NO_TICKET,
      headersTimeout: 5_000,
      requestTimeout: 10_000,
      keepAliveTimeout: 90_000,
      handshakeTimeout: 5_000,
    });
    server.maxConnections = CONNECTIONS_MAX;
    server.on('request', (request, response) =>
      background(this.#handle(request, response), 'metrics-api', this.#parts.onFailure),
    );
    const listening = deferred<void>();
    server.once('error', listening.reject);
    server.listen(port, () => listening.resolve());
    await listening.promise;
    this.#server = server;
    return (server.address() as AddressInfo).port;
  }

  /** Serves new connections with another certificate, or judges them by another CA. */
  secure(material: ServingMaterial, clientCaPem: string): void {
    this.#server?.setSecureContext(secureContext(material, clientCaPem));
    this.#server?.closeIdleConnections();
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
    const { code, body } = await this.#parts.answer({
      method: request.method ?? '',
      target: request.url ?? '',
      headers: request.headersDistinct,
      proof: proofOf(request.socket as TLSSocket),
    });
    this.#parts.metrics.count('kittiwake_controller_metric_requests_total', 1, { code: String(code) });
    const text = Buffer.from(JSON.stringify(body), 'utf8');
    response.writeHead(code, { 'content-type': 'application/json', 'content-length': text.length });
    response.end(request.method === 'HEAD' ? undefined : text);
  }
}

function secureContext(
  material: ServingMaterial,
  clientCaPem: string,
): { key: string; cert: string; ca: string } {
  return { key: material.keyPem, cert: material.certPem, ca: clientCaPem };
}

function proofOf(socket: TLSSocket): ClientProof {
  const commonName: unknown = socket.authorized ? socket.getPeerCertificate().subject?.CN : undefined;
  return {
    isTrusted: socket.authorized,
    commonName: typeof commonName === 'string' ? commonName : undefined,
  };
}
