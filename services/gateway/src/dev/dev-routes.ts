import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { background, type FailureSink } from '@kittiwake/base';
import type { HttpRoutes } from '../transport/http-server.ts';
import { readJsonBody } from './read-json-body.ts';
import type { SourceModules } from './source-modules.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** What the development routes serve. */
export type DevRoutesDeps = {
  readonly issuer: TokenIssuer;
  readonly modules: SourceModules;
  /** Folder of the demo page. */
  readonly pageDirectory: string;
  /** The gateways that the page may choose from. */
  readonly gateways: () => readonly { readonly id: string; readonly url: string }[];
  readonly channels: readonly string[];
  readonly onFailure: FailureSink;
};

const TYPES: { readonly [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Nothing is kept, so that an edit shows; nothing is taken for another type than it has. */
const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** The demo page, the SDK's modules, and tokens for whoever asks: what `npm start` adds to a gateway's client port. */
export class DevRoutes implements HttpRoutes {
  readonly #deps: DevRoutesDeps;

  constructor(deps: DevRoutesDeps) {
    this.#deps = deps;
  }

  handle(request: IncomingMessage, response: ServerResponse): boolean {
    // Not parsed as a URL: what cannot be parsed must not throw, and dots must stay what they are.
    const path = request.url?.split('?', 1)[0] ?? '/';
    const answer = this.#route(request, path);
    if (answer === undefined) return false;
    const answered = answer.then(({ status, type, body }) => {
      response.writeHead(status, {
        ...HEADERS,
        'content-type': type,
        'content-length': Buffer.byteLength(body),
      });
      response.end(body);
    });
    background(answered, 'dev.route', (name, reason) => {
      this.#deps.onFailure(name, reason);
      response.destroy();
    });
    return true;
  }

  #route(request: IncomingMessage, path: string): Promise<Answer> | undefined {
    if (path === '/dev/token')
      return request.method === 'POST'
        ? this.#token(request)
        : Promise.resolve(json(405, { error: 'POST {"user": "alice"}' }));
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    if (path === '/dev/info')
      return Promise.resolve(json(200, { gateways: this.#deps.gateways(), channels: this.#deps.channels }));
    if (path.startsWith('/modules/')) return this.#module(path.slice('/modules/'.length));
    if (path === '/') return this.#page('index.html');
    if (path === '/favicon.ico') return this.#page('icon.svg');
    return /^\/[a-z-]+\.(css|js|svg)$/.test(path) ? this.#page(path.slice(1)) : undefined;
  }

  async #token(request: IncomingMessage): Promise<Answer> {
    const body = await readJsonBody(request);
    if (!body.ok) return json(400, { error: body.error });
    const token = await this.#deps.issuer.issue(body.value);
    return token.ok ? json(200, { token: token.value }) : json(400, { error: token.error });
  }

  async #module(path: string): Promise<Answer> {
    const code = await this.#deps.modules.read(path);
    return code === undefined
      ? json(404, { error: 'no such module' })
      : { status: 200, type: TYPES['.js'] ?? '', body: code };
  }

  async #page(name: string): Promise<Answer> {
    try {
      const body = await readFile(join(this.#deps.pageDirectory, name));
      return { status: 200, type: TYPES[extname(name)] ?? 'application/octet-stream', body };
    } catch {
      return json(404, { error: 'no such file' });
    }
  }
}

type Answer = { readonly status: number; readonly type: string; readonly body: string | Buffer };

function json(status: number, body: unknown): Answer {
  return { status, type: 'application/json', body: JSON.stringify(body) };
}
