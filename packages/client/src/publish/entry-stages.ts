import type { Entry } from './entry.ts';

/** Which publishes stand where on their way; an entry that is sent and not of the backlog is in none of these. */
export class EntryStages {
  readonly #waiting = new Set<Entry>();
  readonly #underway = new Set<Entry>();
  readonly #former = new Set<Entry>();

  /** Those that are not sent. */
  get waiting(): ReadonlySet<Entry> {
    return this.#waiting;
  }

  /** Of the backlog, those that wait for their answer. */
  get underway(): ReadonlySet<Entry> {
    return this.#underway;
  }

  /** Of these, those that were sent on the connection before a move. */
  get former(): ReadonlySet<Entry> {
    return this.#former;
  }

  waits(entry: Entry): void {
    this.gone(entry);
    this.#waiting.add(entry);
  }

  sent(entry: Entry): void {
    this.#waiting.delete(entry);
    if (entry.waited) this.#underway.add(entry);
  }

  /** What is sent and not answered belongs to the backlog from here on, so that nothing overtakes it on the new way. */
  moved(entries: Iterable<Entry>): void {
    for (const entry of entries) {
      if (entry.phase !== 'sent') continue;
      entry.waited = true;
      this.#underway.add(entry);
      this.#former.add(entry);
    }
  }

  gone(entry: Entry): void {
    this.#waiting.delete(entry);
    this.#underway.delete(entry);
    this.#former.delete(entry);
  }
}
