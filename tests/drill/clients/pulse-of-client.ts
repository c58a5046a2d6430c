import type { ConnectionStatus } from '@kittiwake/client';
import type { LinkLine, WindowLine } from '../checker/pulse-lines.ts';

type OpenWindow = {
  readonly name: string;
  lastMs: number;
  deliveries: number;
  gapMs: number;
  gapEndedMs: number;
  latencyMaxMs: number;
};

/** What one client feels: how long nothing came, how late it came, and what became of its connection. */
export class PulseOfClient {
  readonly #client: string;
  readonly #channel: string;
  #gateway: string | undefined;
  #window: OpenWindow | undefined;

  constructor(client: string, channel: string) {
    this.#client = client;
    this.#channel = channel;
  }

  /** A publication was handed over. */
  delivered(atMs: number, latencyMs: number): void {
    const window = this.#window;
    if (window === undefined) return;
    window.deliveries += 1;
    widen(window, atMs);
    window.lastMs = atMs;
    window.latencyMaxMs = Math.max(window.latencyMaxMs, latencyMs);
  }

  /** The status changed; the line to write, where that matters. */
  turned(status: ConnectionStatus, atMs: number): LinkLine | undefined {
    const before = this.#gateway;
    if (status.phase === 'connected') {
      this.#gateway = status.gateway;
      if (before === status.gateway) return undefined;
      const what = before === undefined ? 'connected' : 'moved';
      return { type: 'link', client: this.#client, atMs, what, gateway: status.gateway };
    }
    this.#gateway = undefined;
    if (before === undefined) return undefined;
    const reason = 'reason' in status ? status.reason : status.phase;
    return { type: 'link', client: this.#client, atMs, what: 'left', reason };
  }

  /** Ends the open window, if any, and begins the next one, if there is a name for it. */
  window(next: string | undefined, nowMs: number): WindowLine | undefined {
    const ended = this.#window;
    // A client that waits at the end of a window goes on waiting in the next one.
    const lastMs = ended?.lastMs ?? nowMs;
    this.#window =
      next === undefined
        ? undefined
        : { name: next, lastMs, deliveries: 0, gapMs: 0, gapEndedMs: nowMs, latencyMaxMs: 0 };
    if (ended === undefined) return undefined;
    widen(ended, nowMs);
    const { name: window, lastMs: _, ...measured } = ended;
    return { type: 'window', window, client: this.#client, channel: this.#channel, ...measured };
  }
}

function widen(window: OpenWindow, atMs: number): void {
  const gapMs = atMs - window.lastMs;
  if (gapMs <= window.gapMs) return;
  window.gapMs = gapMs;
  window.gapEndedMs = atMs;
}
