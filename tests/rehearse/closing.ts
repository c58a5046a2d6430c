/** What is to be put back at the end, whatever happens: the last that was promised comes first. */
export class Closing {
  readonly #mends: (() => Promise<unknown>)[] = [];
  #running: Promise<void> | undefined;

  /** Whether things are being put back already, so that what is still under way misses them. */
  get hasBegun(): boolean {
    return this.#running !== undefined;
  }

  promise(mend: () => Promise<unknown>): void {
    this.#mends.push(mend);
  }

  /** Runs everything once; what fails is told, and the rest goes on. */
  run(): Promise<void> {
    this.#running ??= this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    for (let mend = this.#mends.pop(); mend !== undefined; mend = this.#mends.pop()) {
      try {
        await mend();
      } catch (reason) {
        console.error(`could not put everything back: ${reason}`);
      }
    }
  }
}

/** The part of `process` that signals come by, and that ends it. */
export type Signalled = {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): void;
};

/**
 * Runs a closing at Ctrl-C and at SIGTERM, and exits with 130 when all of it is done. A second signal does not cut it short: npm
 * passes on to its script what the terminal has told both of them already.
 */
export function closeOnSignal(closing: Closing, process: Signalled): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => void closing.run().finally(() => process.exit(130)));
}
