/** Shares one running operation per key: whoever asks while it runs gets the same promise. */
export class SingleFlight<K, T> {
  readonly #running = new Map<K, Promise<T>>();

  /** Runs `work` for `key`, or joins the run under way. Nothing is remembered once it has settled. */
  run(key: K, work: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    const started = work().finally(() => this.#running.delete(key));
    this.#running.set(key, started);
    return started;
  }

  /** How many keys have a run under way. */
  get size(): number {
    return this.#running.size;
  }
}
