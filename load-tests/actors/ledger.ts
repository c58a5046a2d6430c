/** What was acknowledged in one channel: every member must have come that far before the test ends. */
export class Ledger {
  #offset = 0;

  /** Takes the position of an acknowledged publication. */
  acked(offset: number): void {
    this.#offset = Math.max(this.#offset, offset);
  }

  /** The last offset that is known to be stored. */
  get offset(): number {
    return this.#offset;
  }

  /** Histories parted at `offset`: what was acknowledged from there on is gone, and its members were told. */
  truncated(offset: number): void {
    this.#offset = Math.min(this.#offset, offset - 1);
  }
}
