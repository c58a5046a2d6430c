import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { killChild, until } from '@kittiwake/testkit';
import { openAccess, secret } from '../../cluster/lib/access.ts';
import type { PlainEvent, PlainPlan } from './plain-message.ts';

const MAIN = join(import.meta.dirname, 'main.ts');
const PACE_PER_SECOND = 100;
const SPARE_MS = 60_000;

/** Clients of another kind than ours, in a process of their own, and what became of each. */
export class PlainCrowd {
  readonly #child: ChildProcess;
  readonly #size: number;
  readonly #events: PlainEvent[] = [];
  readonly #connected = new Set<number>();

  constructor(child: ChildProcess, size: number) {
    this.#child = child;
    this.#size = size;
    child.on('message', (event: PlainEvent) => {
      this.#events.push(event);
      if (event.what === 'connected') this.#connected.add(event.client);
      else this.#connected.delete(event.client);
    });
  }

  /** Connects so many; resolves when all of them are. */
  static async open(clients: number): Promise<PlainCrowd> {
    const { url } = await openAccess();
    const signingKey = await secret('kittiwake-signing-keys', 'current');
    const child = fork(MAIN, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const crowd = new PlainCrowd(child, clients);
    child.send({ url, clients, pacePerSecond: PACE_PER_SECOND, signingKey } satisfies PlainPlan);
    const timeoutMs = (1_000 * clients) / PACE_PER_SECOND + SPARE_MS;
    try {
      await crowd.untilBack(timeoutMs);
    } catch (reason) {
      await crowd.stop();
      throw reason;
    }
    return crowd;
  }

  get size(): number {
    return this.#size;
  }

  /** Those that have no connection now. */
  get missing(): number {
    return this.#size - this.#connected.size;
  }

  /** When each connect was, from a moment on. */
  connectsSince(fromMs: number): readonly number[] {
    return this.#events
      .filter(({ what, atMs }) => what === 'connected' && atMs >= fromMs)
      .map(({ atMs }) => atMs);
  }

  async untilBack(timeoutMs: number): Promise<void> {
    await until(() => this.missing === 0, { timeoutMs, what: 'every plain client is connected' });
  }

  stop(): Promise<void> {
    return killChild(this.#child);
  }
}
