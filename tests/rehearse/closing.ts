/** What is to be put back at the end, whatever happens: the last that was promised comes first. */
export class Closing {
  readonly #mends: (() => Promise<unknown>)[] = [];
  #running: Promise<void> | undefined;

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
