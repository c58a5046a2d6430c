import type { SimNetwork } from '@kittiwake/testkit';

/** What was under way when something changed has arrived by then, hang-ups and refused dials included. */
const SETTLED_AFTER_MS = 50;

/** Whether what somebody heard who looked around is what he would hear again. */
export type Sight = () => boolean;

/**
 * Knows when anything changed last that somebody who asks around in the tier could notice: processes, roles, ways, names.
 * As long as nothing stirs, whoever asks again hears the same again, so nobody needs to.
 */
export class Stir {
  readonly #network: SimNetwork;
  readonly #listeners: (() => void)[] = [];
  #count = 0;
  #lastMs = 0;

  constructor(network: SimNetwork) {
    this.#network = network;
  }

  /** Somebody begins to look around: what is heard holds if all had come to rest by now, and nothing stirs meanwhile. */
  look(): Sight {
    const seen = this.#count;
    const { loop, lateUntilMs } = this.#network;
    // Where answers are slow, how long is waited for them depends on how many did not come: each survey may hear more.
    const isSettled = loop.nowMs >= Math.max(this.#lastMs, lateUntilMs) + SETTLED_AFTER_MS;
    return () => isSettled && seen === this.#count;
  }

  listen(stirred: () => void): void {
    this.#listeners.push(stirred);
  }

  /** Something has changed. */
  note(): void {
    this.#count += 1;
    this.#lastMs = this.#network.loop.nowMs;
    for (const stirred of this.#listeners) stirred();
  }
}
