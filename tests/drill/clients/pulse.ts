import type { Clock } from '@kittiwake/base';
import type { AnyEvents, Channel, ChannelMap, Client } from '@kittiwake/client';
import type { Json } from '@kittiwake/protocol';
import type { Journal } from './journal.ts';
import { PulseOfClient } from './pulse-of-client.ts';
import { SecondsTable } from './seconds-table.ts';

/** Watches when things come to the clients of a process: latencies, gaps, moves, outages and its own stalls. */
export class Pulse {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #seconds: SecondsTable;
  readonly #clients: PulseOfClient[] = [];

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
    this.#seconds = new SecondsTable(journal, clock);
  }

  /** Begins to measure the process itself. */
  start(): void {
    this.#seconds.start();
  }

  /** A client that is about to connect. */
  watch(name: string, client: Client<ChannelMap>, channel: Channel<AnyEvents>): void {
    const pulse = new PulseOfClient(name, channel.name);
    this.#clients.push(pulse);
    client.on('status', status => {
      const line = pulse.turned(status, this.#clock.nowMs());
      if (line !== undefined) this.#journal.write(line);
    });
    channel.on('publication', ({ data }) => {
      const nowMs = this.#clock.nowMs();
      const latencyMs = nowMs - publishedAtOf(data, nowMs);
      pulse.delivered(nowMs, latencyMs);
      this.#seconds.delivered(nowMs, latencyMs);
    });
  }

  dialled(): void {
    this.#seconds.dialled(this.#clock.nowMs());
  }

  /** Ends the open window, and begins one of the next name; without a name nothing is measured until the next call. */
  window(next: string | undefined): void {
    const nowMs = this.#clock.nowMs();
    for (const client of this.#clients) {
      const line = client.window(next, nowMs);
      if (line !== undefined) this.#journal.write(line);
    }
    this.#seconds.flush();
  }
}

/** When a producer published this, by what it wrote into its data; `otherwise` where it wrote nothing. */
function publishedAtOf(data: Json, otherwise: number): number {
  const atMs = typeof data === 'object' && data !== null && 'atMs' in data ? data['atMs'] : undefined;
  return typeof atMs === 'number' ? atMs : otherwise;
}
