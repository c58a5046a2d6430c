import type { Random } from '@kittiwake/base';
import type { SimHost } from './sim-host.ts';
import type { SimLoop } from './sim-loop.ts';

/** How a network behaves. */
export type SimNetworkOptions = {
  /** Every message takes from `min` to `max` milliseconds, uniformly. */
  readonly latencyMs: { readonly min: number; readonly max: number };
};

/** What a pipe does to messages besides delaying them; chances per message from 0 to 1. */
export type PipeTrouble = {
  readonly duplicate: number;
  readonly reorder: number;
  /** Further delay of each message. */
  readonly delayMs: number;
};

const NO_TROUBLE: PipeTrouble = { duplicate: 0, reorder: 0, delayMs: 0 };

/** The wires between processes, which can be cut, in either direction, and joined again. */
export class SimNetwork {
  readonly loop: SimLoop;
  readonly #random: Random;
  readonly #options: SimNetworkOptions;
  readonly #cuts = new Set<string>();
  readonly #held = new Map<string, (() => void)[]>();

  constructor(loop: SimLoop, random: Random, options: SimNetworkOptions) {
    this.loop = loop;
    this.#random = random;
    this.#options = options;
  }

  /** Whether what `from` sends reaches `to`. */
  reaches(from: string, to: string): boolean {
    return this.#cuts.size === 0 || !this.#cuts.has(wayOf(from, to));
  }

  /** Nothing of what `from` sends reaches `to` any more; it waits, as TCP sends again. */
  cut(from: string, to: string): void {
    this.#cuts.add(wayOf(from, to));
  }

  /** Joins the way again: what waited arrives. */
  heal(from: string, to: string): void {
    const way = wayOf(from, to);
    if (!this.#cuts.delete(way)) return;
    const held = this.#held.get(way) ?? [];
    this.#held.delete(way);
    for (const send of held) send();
  }

  /** One direction of a connection: what is sent arrives once and in order, unless there is trouble. */
  pipe(from: SimHost, to: SimHost): SimPipe {
    return new SimPipe(this, from, to);
  }

  latencyMs(): number {
    const { min, max } = this.#options.latencyMs;
    return min + this.#random.next() * (max - min);
  }

  /** Whether a chance of `p` comes true; draws nothing where it cannot. */
  chance(p: number): boolean {
    return p > 0 && this.#random.next() < p;
  }

  /** Calls `send` when the way is open: now, or once it is healed. */
  whenOpen(from: string, to: string, send: () => void): void {
    if (this.reaches(from, to)) {
      send();
      return;
    }
    const way = wayOf(from, to);
    const held = this.#held.get(way);
    if (held === undefined) this.#held.set(way, [send]);
    else held.push(send);
  }
}

/** One direction of a connection. Closing it loses what is under way. */
export class SimPipe {
  readonly #network: SimNetwork;
  readonly #from: SimHost;
  readonly #to: SimHost;
  #lastMs = 0;
  #open = true;
  trouble: PipeTrouble = NO_TROUBLE;

  constructor(network: SimNetwork, from: SimHost, to: SimHost) {
    this.#network = network;
    this.#from = from;
    this.#to = to;
  }

  /** Hands `work` to the other process after the latency; not at all once the pipe is closed. */
  send(work: () => void): void {
    if (this.#network.reaches(this.#from.name, this.#to.name)) this.#carry(work);
    else this.#network.whenOpen(this.#from.name, this.#to.name, () => this.#carry(work));
  }

  close(): void {
    this.#open = false;
  }

  #carry(work: () => void): void {
    const { loop } = this.#network;
    const { duplicate, reorder, delayMs } = this.trouble;
    const arrivesMs = loop.nowMs + this.#network.latencyMs() + delayMs;
    const overtakes = this.#network.chance(reorder);
    // In order: nothing arrives before what was sent before it, unless it overtakes.
    const atMs = overtakes ? arrivesMs : Math.max(arrivesMs, this.#lastMs);
    if (!overtakes) this.#lastMs = atMs;
    const arrive = (): void => this.#arrive(work);
    loop.post(atMs, arrive);
    if (this.#network.chance(duplicate)) loop.post(atMs + this.#network.latencyMs(), arrive);
  }

  #arrive(work: () => void): void {
    if (!this.#open) return;
    if (this.#to.phase === 'running') work();
    else this.#to.deliver(() => this.#open && work());
  }
}

function wayOf(from: string, to: string): string {
  return `${from} ${to}`;
}
