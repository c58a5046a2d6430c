import type { Bytes, Clock, Millis } from '@kittiwake/base';
import { CHAIN_LINKS_MAX, type ChannelName, type Position } from '@kittiwake/protocol';
import type { Entry } from './entry.ts';

/** A publish that was acknowledged below `replicated`, so that a failover may still lose it. */
export type Remembered = {
  readonly entry: Entry;
  /** Absent at level `received`. */
  readonly position: Position | undefined;
  readonly ackedAtMs: Millis;
};

/** How much is remembered, of all channels together. */
export type MemoryBounds = {
  readonly messagesMax: number;
  readonly bytesMax: Bytes;
  readonly ageMaxMs: Millis;
};

/** What was forgotten of a channel, as far as it had a position: all of it stands within these. */
export type Forgotten = { readonly from: number; readonly to: number };

/** The same, and when the last of it was acknowledged. */
type Kept = Forgotten & { readonly ackedAtMs: Millis };

/**
 * Publishes that may have to be published again (SPEC K16, K17): the newest, within bounds. Of those that were forgotten
 * it knows where they stood, so that their loss can be told.
 */
export class AckedMemory {
  readonly #clock: Clock;
  readonly #bounds: MemoryBounds;
  readonly #remembered = new Set<Remembered>();
  /** By channel, and by the epoch in which they stood. */
  readonly #forgotten = new Map<ChannelName, Map<string, Kept>>();
  #bytes = 0;

  constructor(clock: Clock, bounds: MemoryBounds) {
    this.#clock = clock;
    this.#bounds = bounds;
  }

  /** Whether nothing is remembered, nor known to be forgotten. */
  get empty(): boolean {
    return this.#remembered.size === 0 && this.#forgotten.size === 0;
  }

  get size(): number {
    return this.#remembered.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(entry: Entry, position: Position | undefined): void {
    this.#remembered.add({ entry, position, ackedAtMs: this.#clock.monotonicMs() });
    this.#bytes += entry.bytes;
    this.#trim();
  }

  /** Takes out what `wanted` picks, in the order in which it was published. */
  take(wanted: (remembered: Remembered) => boolean): Entry[] {
    this.#trim();
    const taken = [...this.#remembered].filter(wanted);
    for (const remembered of taken) this.#drop(remembered);
    return taken.map(({ entry }) => entry).sort((one, other) => one.order - other.order);
  }

  /** Forgets what `picked` picks, as if it had become too old. */
  forget(picked: (remembered: Remembered) => boolean): void {
    for (const remembered of [...this.#remembered].filter(picked)) this.#forget(remembered);
  }

  /** Of a publish that nobody wants to have published again only the place is known, as if it had been forgotten. */
  note(channel: ChannelName, { offset, epoch }: Position, ackedAtMs = this.#clock.monotonicMs()): void {
    const known = this.#forgotten.get(channel)?.get(epoch);
    this.#remember(channel, epoch, union(known, { from: offset, to: offset, ackedAtMs }));
  }

  /** What was forgotten of the channel from the offset `from` on, in the epochs that are meant; asked once, since it is told then. */
  takeForgotten(
    channel: ChannelName,
    from: number,
    isMeant: (epoch: string) => boolean,
  ): Forgotten | undefined {
    return this.#takeForgotten(channel, from, (_, epoch) => isMeant(epoch));
  }

  /** The same, of the histories, but for `except`, of which nothing was acknowledged for `ageMs`. */
  takeForgottenFor(
    channel: ChannelName,
    wanted: { readonly from: number; readonly ageMs: Millis; readonly except: string | undefined },
  ): Forgotten | undefined {
    this.#trim();
    const untilMs = this.#clock.monotonicMs() - wanted.ageMs;
    return this.#takeForgotten(
      channel,
      wanted.from,
      ({ ackedAtMs }, epoch) => ackedAtMs <= untilMs && epoch !== wanted.except,
    );
  }

  /** The same, of the histories in which another entry stood at `position`, or which ended before it. */
  takeOverwritten(
    channel: ChannelName,
    { offset, epoch }: Position,
    isPast: (epoch: string) => boolean,
  ): Forgotten | undefined {
    return this.#takeForgotten(
      channel,
      offset,
      (known, of) => of !== epoch && (known.from <= offset || isPast(of)),
    );
  }

  clear(): void {
    this.#remembered.clear();
    this.#forgotten.clear();
    this.#bytes = 0;
  }

  #takeForgotten(
    channel: ChannelName,
    from: number,
    isMeant: (known: Kept, epoch: string) => boolean,
  ): Forgotten | undefined {
    let taken: Kept | undefined;
    for (const [epoch, known] of this.#forgotten.get(channel) ?? []) {
      if (known.to < from || !isMeant(known, epoch)) continue;
      if (known.from < from) this.#remember(channel, epoch, { ...known, to: from - 1 });
      else this.#forgotten.get(channel)?.delete(epoch);
      taken = union(taken, { ...known, from: Math.max(from, known.from) });
    }
    return taken && { from: taken.from, to: taken.to };
  }

  #remember(channel: ChannelName, epoch: string, forgotten: Kept): void {
    const epochs = this.#forgotten.get(channel) ?? new Map<string, Kept>();
    this.#forgotten.set(channel, epochs.set(epoch, forgotten));
    // As many histories as a chain can name; what stood in the oldest counts as of the next.
    const [oldest, next] = epochs.size > CHAIN_LINKS_MAX ? epochs : [];
    if (oldest === undefined || next === undefined) return;
    epochs.delete(oldest[0]);
    epochs.set(next[0], union(next[1], oldest[1]));
  }

  #trim(): void {
    const { messagesMax, bytesMax, ageMaxMs } = this.#bounds;
    const sinceMs = this.#clock.monotonicMs() - ageMaxMs;
    for (const oldest of this.#remembered) {
      const fits = this.#remembered.size <= messagesMax && this.#bytes <= bytesMax;
      if (fits && oldest.ackedAtMs >= sinceMs) return;
      this.#forget(oldest);
    }
  }

  #forget(remembered: Remembered): void {
    this.#drop(remembered);
    const { entry, position, ackedAtMs } = remembered;
    if (!entry.republish || position === undefined) return;
    this.note(entry.message.channel, position, ackedAtMs);
  }

  #drop(remembered: Remembered): void {
    this.#remembered.delete(remembered);
    this.#bytes -= remembered.entry.bytes;
  }
}

function union(one: Kept | undefined, other: Kept): Kept {
  if (one === undefined) return other;
  return {
    from: Math.min(one.from, other.from),
    to: Math.max(one.to, other.to),
    ackedAtMs: Math.max(one.ackedAtMs, other.ackedAtMs),
  };
}
