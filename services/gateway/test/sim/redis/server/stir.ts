import type { SimLoop } from '@kittiwake/testkit';

/** What is under way when something changes has arrived, or was given up, by then. */
const SETTLED_AFTER_MS = 500;

/**
 * Knows when anything changed last that somebody who asks around in the tier could notice: processes, roles, ways, names.
 * As long as nothing stirs, whoever asks again hears the same again, so nobody needs to.
 */
export class Stir {
  readonly #loop: SimLoop;
  readonly #listeners: (() => void)[] = [];
  #count = 0;
  #lastMs = 0;

  constructor(loop: SimLoop) {
    this.#loop = loop;
  }

  get count(): number {
    return this.#count;
  }

  /** Whether everything is as it was when the count was `seen`, and had come to rest by then. */
  isStillAs(seen: number): boolean {
    return seen === this.#count && this.#loop.nowMs - this.#lastMs >= SETTLED_AFTER_MS;
  }

  listen(stirred: () => void): void {
    this.#listeners.push(stirred);
  }

  /** Something has changed. */
  note(): void {
    this.#count += 1;
    this.#lastMs = this.#loop.nowMs;
    for (const stirred of this.#listeners) stirred();
  }
}
