/**
 * Counts whatever changes that somebody who asks around in the tier could notice: processes, roles, ways, names. As long
 * as nothing stirs, whoever asks again hears the same again, so nobody needs to.
 */
export class Stir {
  readonly #listeners: (() => void)[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  listen(stirred: () => void): void {
    this.#listeners.push(stirred);
  }

  /** Something has changed. */
  note(): void {
    this.#count += 1;
    for (const stirred of this.#listeners) stirred();
  }
}
