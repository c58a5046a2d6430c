import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Child, startChild, until } from '@kittiwake/testkit';
import { WebSocketServer } from 'ws';
import { openAccess } from '../../cluster/lib/access.ts';
import { type K6Summary, k6Environment } from '../../cluster/lib/k6.ts';
import { YIELDING } from '../crowds/crowd-layout.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PROFILE = 'background';
/** Groups of that profile: each opens one WebSocket to here once all of its members are there and talk. */
const GROUPS = 2;
const READY_MS = 60_000;
/** Stragglers of a group have ten seconds, and a dial of k6 that hangs takes longer. */
const END_MS = 90_000;

/** A k6 that goes on until it is told to stop. Its groups wait for the end of a WebSocket that this process has the other end of. */
export class K6Load {
  readonly #server: WebSocketServer;
  readonly #child: Child;
  readonly #folder: string;

  constructor(server: WebSocketServer, child: Child, folder: string) {
    this.#server = server;
    this.#child = child;
    this.#folder = folder;
  }

  /** Starts k6 against the ingress; what it finds goes to `folder`. When it resolves, every client of it is there and talks. */
  static async open(folder: string): Promise<K6Load> {
    const { url } = await openAccess();
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const child = await startChild({
        // Of what shares the machine with the cluster, all but those whose gaps are measured yields.
        command: 'nice',
        args: [
          '-n',
          String(YIELDING),
          process.execPath,
          'load-tests/run.ts',
          'steady',
          '--url',
          url,
          '--profile',
          PROFILE,
          '--until',
          `ws://127.0.0.1:${port}`,
        ],
        cwd: ROOT,
        env: { ...(await k6Environment()), RESULTS_DIR: folder },
        isReady: async () => server.clients.size === GROUPS,
        timeoutMs: READY_MS,
      });
      return new K6Load(server, child, folder);
    } catch (reason) {
      server.close();
      throw reason;
    }
  }

  /** Has every group catch up and leave; what they counted. Rejects with the end of its output where it wrote nothing. */
  async end(): Promise<K6Summary> {
    this.#close();
    await until(() => !this.#child.running, { timeoutMs: END_MS, what: 'k6 ends' });
    try {
      return JSON.parse(await readFile(join(this.#folder, `steady-${PROFILE}.json`), 'utf8'));
    } catch (reason) {
      throw new Error(`k6 wrote no summary: ${reason}\n${this.#child.output()}`);
    }
  }

  /** Ends it wherever it is. */
  async stop(): Promise<void> {
    this.#close();
    await this.#child.stop();
  }

  #close(): void {
    for (const socket of this.#server.clients) socket.close();
    this.#server.close();
  }
}
