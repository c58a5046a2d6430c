import { addTallies, type RangeOfSeeds, type Tally } from './tally.ts';

/** Adds up ranges of seeds in the order of the seeds, in whichever order they are done: what a run came to so far has no hole. */
export class TallyInOrder {
  /** Ranges that are done before one that comes before them, by their first seed. */
  readonly #early = new Map<number, { readonly count: number; readonly tally: Tally }>();
  #next: number;
  #sum: Tally;

  constructor(from: number, before: Tally) {
    this.#next = from;
    this.#sum = before;
  }

  get sum(): Tally {
    return this.#sum;
  }

  /** A range is done; a planted bug may have ended it before its last seed. */
  add({ from, count }: RangeOfSeeds, tally: Tally): void {
    this.#early.set(from, { count, tally });
    for (;;) {
      const follows = this.#early.get(this.#next);
      if (follows === undefined) return;
      this.#early.delete(this.#next);
      this.#next += follows.count;
      this.#sum = addTallies(this.#sum, follows.tally);
    }
  }
}
