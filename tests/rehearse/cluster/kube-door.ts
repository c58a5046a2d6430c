import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Json } from '@kittiwake/protocol';

const ANSWER_MS = 5_000;
const OPEN_MS = 15_000;

/**
 * The API server over one `kubectl proxy`: what is asked every second must not cost a process each time. Pods are reached
 * through it as well, so that nobody needs a way into the cluster's network.
 */
export class KubeDoor {
  readonly #proxy: ChildProcess;
  readonly #base: string;

  constructor(proxy: ChildProcess, base: string) {
    this.#proxy = proxy;
    this.#base = base;
  }

  static async open(): Promise<KubeDoor> {
    const proxy = spawn('kubectl', ['proxy', '--port=0'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const lines = createInterface({ input: proxy.stdout });
    const [line] = await once(lines, 'line', { signal: AbortSignal.timeout(OPEN_MS) });
    const address = /(127\.0\.0\.1:\d+)/.exec(String(line))?.[1];
    if (address === undefined) throw new Error(`kubectl proxy says ${line}`);
    return new KubeDoor(proxy, `http://${address}`);
  }

  /** The text at a path of the API; rejects on any status but 200. */
  text(path: string, timeoutMs = ANSWER_MS): Promise<string> {
    return this.#ask(path, timeoutMs);
  }

  /** The same, read as JSON. */
  async json<T>(path: string): Promise<T> {
    return JSON.parse(await this.text(path));
  }

  /** Merges a patch into the object at a path of the API (RFC 7396); rejects on any status but 200. */
  async merge(path: string, patch: Json): Promise<void> {
    const headers = { 'content-type': 'application/merge-patch+json' };
    await this.#ask(path, ANSWER_MS, { method: 'PATCH', headers, body: JSON.stringify(patch) });
  }

  /** The lines at a path of the API, as they come, until it ends or `signal` ends it. */
  async *lines(path: string, signal: AbortSignal): AsyncGenerator<string> {
    const response = await fetch(`${this.#base}${path}`, { signal });
    if (!response.ok || response.body === null) throw new Error(`${path}: ${response.status}`);
    let rest = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  }

  close(): void {
    this.#proxy.kill();
  }

  async #ask(path: string, timeoutMs: number, request: RequestInit = {}): Promise<string> {
    const response = await fetch(`${this.#base}${path}`, {
      ...request,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${body.slice(0, 200)}`);
    return body;
  }
}
