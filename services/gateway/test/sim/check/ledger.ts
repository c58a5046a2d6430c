import { type ChannelName, type EpochChain, epochAt, type Position } from '@kittiwake/protocol';

/**
 * Everything that was ever stored, by the position that it got: an epoch names one history, so a position names one entry
 * for ever, whatever became of it later.
 */
export class Ledger {
  readonly #channels = new Map<ChannelName, Map<string, string[]>>();
  readonly #ids = new Set<string>();
  /** What stored two entries under one position, which no history may. */
  clash: string | undefined;

  /** An entry was written. */
  stored(channel: ChannelName, { offset, epoch }: Position, id: string): void {
    const epochs = this.#channels.get(channel) ?? new Map<string, string[]>();
    this.#channels.set(channel, epochs);
    const entries = epochs.get(epoch) ?? [];
    epochs.set(epoch, entries);
    const known = entries[offset];
    if (known !== undefined && known !== id)
      this.clash ??= `${channel} ${offset}@${epoch}: ${known} and ${id}`;
    entries[offset] = id;
    this.#ids.add(id);
  }

  /** What was stored at a position. */
  idAt(channel: ChannelName, { offset, epoch }: Position): string | undefined {
    return this.#channels.get(channel)?.get(epoch)?.[offset];
  }

  /** Everything that was stored in a channel, in whichever history. */
  *entriesOf(channel: ChannelName): Generator<HistoryEntry> {
    for (const [epoch, entries] of this.#channels.get(channel) ?? [])
      for (const [offset, id] of entries.entries()) if (id !== undefined) yield { offset, epoch, id };
  }

  /** How often a channel began with its first offset: more than once where its state was gone, or nobody else had it. */
  beginnings(channel: ChannelName): number {
    let count = 0;
    for (const entries of this.#channels.get(channel)?.values() ?? [])
      if (entries[1] !== undefined) count += 1;
    return count;
  }

  /** Whether it was ever stored anywhere. */
  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** The whole history that a chain tells, from its first offset to `head`. */
  historyOf(channel: ChannelName, chain: EpochChain, head: number): readonly HistoryEntry[] {
    const entries: HistoryEntry[] = [];
    for (let offset = chain[0]?.start ?? 1; offset <= head; offset += 1) {
      const epoch = epochAt(chain, offset) ?? '';
      entries.push({ offset, epoch, id: this.idAt(channel, { offset, epoch }) ?? '' });
    }
    return entries;
  }
}

/** One entry of a history. */
export type HistoryEntry = { readonly offset: number; readonly epoch: string; readonly id: string };
