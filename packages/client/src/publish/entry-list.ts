import type { Bytes } from '@kittiwake/base';
import type { Ref } from '@kittiwake/protocol';
import type { KeyedPublish } from './encode-publish.ts';
import { type Entry, entryId } from './entry.ts';
import type { Lane } from './lane.ts';

/** Entries by their ref, in the order of their publishes, and how much they are together. */
export class EntryList {
  #entries = new Map<Ref, Entry>();
  readonly #byId = new Map<string, Entry>();
  #bytes: Bytes = 0;
  #newest = Number.NEGATIVE_INFINITY;

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): Bytes {
    return this.#bytes;
  }

  /** In order. Entries may be added and removed while it is walked through. */
  values(): Iterable<Entry> {
    return this.#entries.values();
  }

  all(): Entry[] {
    return [...this.#entries.values()];
  }

  /** The first one with a number of this lane, or that takes one. */
  firstOf(lane: Lane): Entry | undefined {
    for (const entry of this.#entries.values()) if (entry.lane === lane) return entry;
    return undefined;
  }

  get(ref: Ref): Entry | undefined {
    return this.#entries.get(ref);
  }

  /** Whether exactly this entry is here: an await is a door through which others may have taken it out. */
  has(entry: Entry): boolean {
    return this.#entries.get(entry.ref) === entry;
  }

  /** The publish of this key in this channel. */
  find(message: Pick<KeyedPublish, 'channel' | 'key'>): Entry | undefined {
    return this.#byId.get(entryId(message));
  }

  /** Adds an entry; what was published earlier goes first, whenever it comes. */
  add(entry: Entry): void {
    this.#entries.set(entry.ref, entry);
    this.#byId.set(entryId(entry.message), entry);
    this.#bytes += entry.bytes;
    if (entry.order < this.#newest) {
      const byOrder = this.all().sort((one, other) => one.order - other.order);
      this.#entries = new Map(byOrder.map(each => [each.ref, each]));
    }
    this.#newest = Math.max(this.#newest, entry.order);
  }

  remove(entry: Entry): void {
    if (!this.#entries.delete(entry.ref)) return;
    this.#byId.delete(entryId(entry.message));
    this.#bytes -= entry.bytes;
  }
}
