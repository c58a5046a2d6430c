import type { IncomingMessage } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import { type Clock, deferred, err, ok, type Result, type Timer } from '@kittiwake/base';
import { parseJson } from '../decode/json-view.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { type KubeError, toKubeError } from './kube-error.ts';

/** One call: `body` is sent as JSON, `query` members that are `undefined` are left out. */
export type Call = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
};

/** A stream of lines that goes on until it ends or is closed. */
export type LineStream = { close(): void };

/** Told about a stream: lines, then exactly one end, with an error unless the server ended it in good order. */
export type LineHandler = { line(value: unknown): void; ended(error: KubeError | undefined): void };

/** [R8] Every request ends within this time, so that two attempts fit before a leader's renew deadline. */
export const REQUEST_TIMEOUT_MS = 4_000;
const BODY_BYTES_MAX = 64 * 1024 * 1024;
const LINE_BYTES_MAX = 4 * 1024 * 1024;

/** A small client of the API server: JSON calls over kept connections, and watches. Failures are values. */
export class KubeClient {
  readonly #access: ClusterAccess;
  readonly #clock: Clock;
  readonly #agent: Agent;

  constructor(access: ClusterAccess, clock: Clock) {
    this.#access = access;
    this.#clock = clock;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 8, ...access.tls });
  }

  /** Sends one call and reads its whole answer. */
  async call(call: Call): Promise<Result<unknown, KubeError>> {
    const answer = deferred<Result<unknown, KubeError>>();
    const failed = (error: KubeError): void => answer.resolve(err(error));
    const sent = await this.#send(call, this.#agent, {
      response: response => collect(response, answer.resolve),
      failed,
    });
    const timer = this.#clock.after(REQUEST_TIMEOUT_MS, () => {
      failed({ kind: 'timeout', code: 0, message: `no answer in ${REQUEST_TIMEOUT_MS} ms` });
      sent.destroy();
    });
    const result = await answer.promise;
    timer.cancel();
    return result;
  }

  /** [R9] Opens a watch on a connection of its own; a silence of `silenceMs` ends it with `timeout`. */
  async watch(call: Call, silenceMs: number, handler: LineHandler): Promise<LineStream> {
    let silence: Timer | undefined;
    let hasEnded = false;
    let sent: { destroy(): void } | undefined;
    const close = (): void => {
      hasEnded = true;
      silence?.cancel();
      sent?.destroy();
    };
    const ended = (error: KubeError | undefined): void => {
      if (hasEnded) return;
      close();
      handler.ended(error);
    };
    const alive = (): void => {
      silence?.cancel();
      const error: KubeError = { kind: 'timeout', code: 0, message: `silent for ${silenceMs} ms` };
      silence = this.#clock.after(silenceMs, () => ended(error));
    };
    const line = (value: unknown): void => {
      if (!hasEnded) handler.line(value);
    };
    alive();
    sent = await this.#send(call, undefined, {
      response: response => readLines(response, { alive, ended, line }),
      failed: ended,
    });
    // It may have ended while the credentials were read.
    if (hasEnded) sent.destroy();
    return { close };
  }

  /** Closes kept connections; calls made later still work. */
  stop(): void {
    this.#agent.destroy();
  }

  /** Without an agent the request gets a connection of its own. */
  async #send(call: Call, agent: Agent | undefined, answer: AnswerHandler): Promise<{ destroy(): void }> {
    const url = new URL(call.path, this.#access.server);
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    let credentials: Readonly<Record<string, string>>;
    try {
      credentials = await this.#access.headers();
    } catch (reason) {
      answer.failed({ kind: 'unavailable', code: 0, message: `no credentials: ${String(reason)}` });
      return { destroy: () => {} };
    }
    const headers = { ...credentials, ...bodyHeaders(call.method, body), accept: 'application/json' };
    const options: RequestOptions = {
      ...this.#access.tls,
      agent: agent ?? false,
      method: call.method,
      headers,
    };
    const sent = request(url, options);
    sent.on('response', answer.response);
    sent.on('error', reason => answer.failed({ kind: 'unavailable', code: 0, message: reason.message }));
    sent.end(body);
    return sent;
  }
}

type AnswerHandler = { response(response: IncomingMessage): void; failed(error: KubeError): void };

function bodyHeaders(method: Call['method'], body: string | undefined): Record<string, string> {
  if (body === undefined) return {};
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  return { 'content-type': type, 'content-length': String(Buffer.byteLength(body)) };
}

function collect(response: IncomingMessage, resolve: (result: Result<unknown, KubeError>) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
    else response.destroy(new Error('answer too large'));
  });
  response.on('error', reason => resolve(err({ kind: 'unavailable', code: 0, message: reason.message })));
  response.on('end', () => {
    const code = response.statusCode ?? 0;
    const text = Buffer.concat(chunks).toString('utf8');
    resolve(code >= 200 && code < 300 ? ok(parseJson(text)) : err(toKubeError(code, text)));
  });
}

type LineSink = { alive(): void; ended(error: KubeError | undefined): void; line(value: unknown): void };

/** Splits a watch into its lines. An answer other than 200 is a Status and ends the stream. */
function readLines(response: IncomingMessage, sink: LineSink): void {
  const code = response.statusCode ?? 0;
  let rest = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    sink.alive();
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (code === 200) for (const line of lines) sink.line(parseJson(line));
    if (rest.length > LINE_BYTES_MAX)
      sink.ended({ kind: 'unavailable', code, message: 'a line is too long' });
  });
  response.on('error', reason => sink.ended({ kind: 'unavailable', code, message: reason.message }));
  response.on('end', () => sink.ended(code === 200 ? undefined : toKubeError(code, rest)));
}
