import { SimEvent, type SimPlace } from './sim-event.ts';
import type { SimHost } from './sim-host.ts';
import type { SimLoop } from './sim-loop.ts';

/** What a pipe does to messages besides delaying them; chances per message from 0 to 1. */
export type PipeTrouble = {
  readonly duplicate: number;
  readonly reorder: number;
  /** Further delay of each message. */
  readonly delayMs: number;
};

const NO_TROUBLE: PipeTrouble = { duplicate: 0, reorder: 0, delayMs: 0 };

/** The network, as a pipe sees it. */
export type PipeNetwork = {
  readonly loop: SimLoop;
  reaches(from: string, to: string): boolean;
  whenOpen(from: string, to: string, send: () => void): void;
  latencyMs(): number;
  readonly latencyMaxMs: number;
  slowedMs(from: string, to: string): number;
  chance(p: number): boolean;
};

/** One direction of a connection. Closing it loses what is under way. */
export class SimPipe implements SimPlace {
  readonly #network: PipeNetwork;
  readonly #from: SimHost;
  readonly #to: SimHost;
  #lastMs = 0;
  #open = true;
  #before: SimPipe | undefined;
  trouble: PipeTrouble = NO_TROUBLE;

  constructor(network: PipeNetwork, from: SimHost, to: SimHost) {
    this.#network = network;
    this.#from = from;
    this.#to = to;
  }

  /** Hands `work` to the other process after the latency; not at all once the pipe is closed. */
  send(work: () => void): void {
    const [from, to] = [this.#from.name, this.#to.name];
    if (this.#network.reaches(from, to)) this.#carry(work);
    else this.#network.whenOpen(from, to, () => this.#carry(work));
  }

  /** Nothing arrives before what `pipe` was given to carry before it: both are one stream, of which this part is in trouble. */
  follow(pipe: SimPipe): void {
    this.#before = pipe;
  }

  close(): void {
    this.#open = false;
  }

  /** Something arrives. What waits for the process comes here again when it is resumed. */
  take(event: SimEvent): void {
    if (this.#open) this.#to.take(event);
  }

  #carry(work: () => void): void {
    const { loop } = this.#network;
    const { duplicate, reorder, delayMs } = this.trouble;
    const slowedMs = this.#network.slowedMs(this.#from.name, this.#to.name);
    const arrivesMs = loop.nowMs + this.#network.latencyMs() + slowedMs + delayMs;
    const overtakes = this.#network.chance(reorder);
    // In order: nothing arrives before what was sent before it, unless it overtakes what is about to arrive with it.
    const afterMs = overtakes ? this.#lastMs - this.#network.latencyMaxMs : this.#lastMs;
    const before = this.#before;
    const atMs = Math.max(arrivesMs, afterMs, before === undefined ? 0 : before.#lastMs);
    if (!overtakes) this.#lastMs = atMs;
    loop.plan(new SimEvent(this, work), atMs);
    if (this.#network.chance(duplicate))
      loop.plan(new SimEvent(this, work), atMs + this.#network.latencyMs());
  }
}
