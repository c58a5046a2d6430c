/**
 * Lets so many reads be under way at a time; the rest wait in the order in which they came. After a failover every live
 * channel is compared with its log, and a tier that has just lost its primary is not asked for all of them at once; nor is
 * it for the pasts of all who come back.
 */
export class ReadGate {
  readonly #underWayMax: number;
  /** Bounded by who asks: a channel, a membership that joins, or a request of a session. */
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  constructor(underWayMax: number) {
    this.#underWayMax = underWayMax;
  }

  /** Runs `read` when it is its turn. */
  async pass<T>(read: () => Promise<T>): Promise<T> {
    if (this.#underWay < this.#underWayMax) this.#underWay += 1;
    else await new Promise<void>(resolve => this.#waiting.push(resolve));
    try {
      return await read();
    } finally {
      const next = this.#waiting.shift();
      // Whoever is next takes this place over, so that nobody slips in between.
      if (next === undefined) this.#underWay -= 1;
      else next();
    }
  }
}
