import type { ChannelName, Position } from '@kittiwake/protocol';

/** A channel and how far it was known to have come when a look at its tail was sent. */
export type Look = { readonly channel: ChannelName; readonly seen: Position };

type Entry = {
  /** The last publication that was announced here, or where the channel stood when it was first read. */
  seen: Position | undefined;
  /** An offset that was found in the log and not announced by then. */
  due: number | undefined;
};

/**
 * What a gateway was told of the tails of its channels, so that a look at the log shows what it was not told (SPEC B9).
 * Pure bookkeeping; channels take turns, in the order in which they were followed.
 */
export class TailLedger {
  readonly #entries = new Map<ChannelName, Entry>();
  /** Whose turn is still to come, the next one last. */
  #turns: ChannelName[] = [];

  follow(channel: ChannelName): void {
    if (!this.#entries.has(channel)) this.#entries.set(channel, { seen: undefined, due: undefined });
  }

  unfollow(channel: ChannelName): void {
    this.#entries.delete(channel);
  }

  channels(): readonly ChannelName[] {
    return [...this.#entries.keys()];
  }

  /** A publication arrived; false where nobody follows its channel. */
  announced(channel: ChannelName, position: Position): boolean {
    const entry = this.#entries.get(channel);
    if (entry === undefined) return false;
    entry.seen = position;
    return true;
  }

  /** The log was read: where nothing is known yet, this is where the announcements go on from. */
  read(channel: ChannelName, head: Position): void {
    const entry = this.#entries.get(channel);
    if (entry !== undefined) entry.seen ??= head;
  }

  /** Every channel is about to be read anew. */
  forget(): void {
    for (const entry of this.#entries.values()) {
      entry.seen = undefined;
      entry.due = undefined;
    }
  }

  /** The next `count` channels of which something is known; a rotation that is over begins anew with the next call. */
  next(count: number): readonly Look[] {
    if (this.#turns.length === 0) this.#turns = [...this.#entries.keys()].reverse();
    const looks: Look[] = [];
    while (looks.length < count) {
      const channel = this.#turns.pop();
      if (channel === undefined) break;
      const seen = this.#entries.get(channel)?.seen;
      if (seen !== undefined) looks.push({ channel, seen });
    }
    return looks;
  }

  /**
   * Compares what was seen when the look was sent with the tail that it found; true where the channel is to be doubted:
   * the tail went back, is of another history, or is ahead of what was announced and already was when it was last looked
   * at. After a doubt the log is read to that tail, so announcements go on from there.
   */
  judge({ channel, seen }: Look, tail: Position): boolean {
    const entry = this.#entries.get(channel);
    // Forgotten meanwhile: the channel is being read anyway.
    if (entry?.seen === undefined) return false;
    const isOverdue = entry.due !== undefined && seen.offset < entry.due;
    // The tail of a channel that hides something has no epoch, nor has that of one without entries.
    const isAsSeen = tail.offset === seen.offset && (tail.epoch === '' || tail.epoch === seen.epoch);
    const isAhead = tail.offset > seen.offset;
    entry.due = isAhead ? tail.offset : undefined;
    if (isAsSeen || (isAhead && !isOverdue)) return false;
    entry.seen = tail;
    entry.due = undefined;
    return true;
  }
}
