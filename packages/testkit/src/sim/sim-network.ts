import type { Random } from '@kittiwake/base';
import type { SimHost } from './sim-host.ts';
import type { SimLoop } from './sim-loop.ts';
import { SimPipe } from './sim-pipe.ts';

/** How a network behaves. */
export type SimNetworkOptions = {
  /** Every message takes from `min` to `max` milliseconds, uniformly. */
  readonly latencyMs: { readonly min: number; readonly max: number };
};

/** The wires between processes, which can be cut, in either direction, and joined again. */
export class SimNetwork {
  readonly loop: SimLoop;
  readonly #random: Random;
  readonly #options: SimNetworkOptions;
  readonly #cuts = new Set<string>();
  readonly #slow = new Map<string, number>();
  #lateUntilMs = 0;
  readonly #held = new Map<string, (() => void)[]>();
  readonly #watchers: (() => void)[] = [];

  constructor(loop: SimLoop, random: Random, options: SimNetworkOptions) {
    this.loop = loop;
    this.#random = random;
    this.#options = options;
  }

  /** Whether what `from` sends reaches `to`. */
  reaches(from: string, to: string): boolean {
    return this.#cuts.size === 0 || !this.#cuts.has(wayOf(from, to));
  }

  /** Calls `changed` whenever a way is cut, joined or becomes slower or faster, before anything that waited is sent. */
  watch(changed: () => void): void {
    this.#watchers.push(changed);
  }

  /** Nothing of what `from` sends reaches `to` any more; it waits, as TCP sends again. */
  cut(from: string, to: string): void {
    this.#cuts.add(wayOf(from, to));
    for (const changed of this.#watchers) changed();
  }

  /** Joins the way again: what waited arrives. */
  heal(from: string, to: string): void {
    const way = wayOf(from, to);
    if (!this.#cuts.delete(way)) return;
    for (const changed of this.#watchers) changed();
    const held = this.#held.get(way) ?? [];
    this.#held.delete(way);
    for (const send of held) send();
  }

  /** What `from` sends to `to` takes longer by `ms`; 0 ends that. */
  slow(from: string, to: string, ms: number): void {
    const way = wayOf(from, to);
    this.#lateUntilMs = Math.max(this.#lateUntilMs, this.loop.nowMs + (this.#slow.get(way) ?? 0));
    if (ms > 0) this.#slow.set(way, ms);
    else this.#slow.delete(way);
    for (const changed of this.#watchers) changed();
  }

  /** By how much longer what `from` sends to `to` takes. */
  slowedMs(from: string, to: string): number {
    return this.#slow.size === 0 ? 0 : (this.#slow.get(wayOf(from, to)) ?? 0);
  }

  /** Until when something may be under way that is slower than usual; infinity while a way is slow. */
  get lateUntilMs(): number {
    return this.#slow.size > 0 ? Number.POSITIVE_INFINITY : this.#lateUntilMs;
  }

  /** One direction of a connection: what is sent arrives once and in order, unless there is trouble. */
  pipe(from: SimHost, to: SimHost): SimPipe {
    return new SimPipe(this, from, to);
  }

  get latencyMaxMs(): number {
    return this.#options.latencyMs.max;
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

function wayOf(from: string, to: string): string {
  return `${from} ${to}`;
}
