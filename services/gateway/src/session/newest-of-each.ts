import type { EventName, Publication } from '@kittiwake/protocol';

/** Events of which the newest publication waits; of more, those are dropped that are oldest, which is told as well. */
const EVENTS_MAX = 64;

/** The newest publication of each event, of those that a member was not sent (SPEC C13). */
export class NewestOfEach {
  readonly #newest = new Map<EventName, Publication>();

  get isEmpty(): boolean {
    return this.#newest.size === 0;
  }

  /** Keeps a publication that is newer than all that are kept, in place of the one of the same event. */
  hold(publication: Publication): void {
    // Entered at the end, so that the order is that of the offsets.
    this.#newest.delete(publication.event);
    this.#newest.set(publication.event, publication);
    if (this.#newest.size <= EVENTS_MAX) return;
    const oldest = this.#newest.keys().next();
    if (!oldest.done) this.#newest.delete(oldest.value);
  }

  /** All of them, oldest first; none is kept afterwards. */
  take(): readonly Publication[] {
    const taken = [...this.#newest.values()];
    this.#newest.clear();
    return taken;
  }
}
