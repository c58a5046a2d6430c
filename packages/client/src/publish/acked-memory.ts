import type { Bytes, Clock, Millis } from '@kittiwake/base';
import type { ChannelName, Position } from '@kittiwake/protocol';
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

/**
 * Publishes that may have to be published again (SPEC K16, K17): the newest, within bounds. Of those that were forgotten
 * it knows where they stood, so that their loss can be told.
 */
export class AckedMemory {
  readonly #clock: Clock;
  readonly #bounds: MemoryBounds;
  readonly #remembered = new Set<Remembered>();
  readonly #forgotten = new Map<ChannelName, Forgotten>();
  #bytes = 0;

  constructor(clock: Clock, bounds: MemoryBounds) {
    this.#clock = clock;
    this.#bounds = bounds;
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

  /** What was forgotten of the channel from the offset `from` on; asked once, since it is told then. */
  takeForgotten(channel: ChannelName, from: number): Forgotten | undefined {
    const known = this.#forgotten.get(channel);
    if (known === undefined || known.to < from) return undefined;
    if (known.from < from) this.#forgotten.set(channel, { from: known.from, to: from - 1 });
    else this.#forgotten.delete(channel);
    return { from: Math.max(from, known.from), to: known.to };
  }

  clear(): void {
    this.#remembered.clear();
    this.#forgotten.clear();
    this.#bytes = 0;
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
    const { entry, position } = remembered;
    if (!entry.republish || position === undefined) return;
    const { channel } = entry.message;
    const { offset } = position;
    const { from, to } = this.#forgotten.get(channel) ?? { from: offset, to: offset };
    this.#forgotten.set(channel, { from: Math.min(from, offset), to: Math.max(to, offset) });
  }

  #drop(remembered: Remembered): void {
    this.#remembered.delete(remembered);
    this.#bytes -= remembered.entry.bytes;
  }
}
