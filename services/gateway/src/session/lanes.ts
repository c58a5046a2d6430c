/** Runs work of one key strictly one after another; different keys do not wait for each other. */
export class Lanes<K> {
  readonly #tails = new Map<K, Promise<void>>();

  /** Starts `work` at once where the lane is free, else after what is in it. A failure is the caller's alone. */
  run(key: K, work: () => Promise<void>): Promise<void> {
    const before = this.#tails.get(key);
    const done = before === undefined ? work() : before.then(work);
    const tail = done
      .catch(() => {})
      .then(() => {
        if (this.#tails.get(key) === tail) this.#tails.delete(key);
      });
    this.#tails.set(key, tail);
    return done;
  }
}
