import type { Position } from '@kittiwake/protocol';
import type { Journal } from './journal.ts';

/** Ids of one line of the journal. */
const IDS_MAX = 500;

type OpenRun = { readonly epoch: string; readonly from: number; readonly ids: number[] };

/**
 * What was seen first at each position of a channel, for all clients of a process: every further delivery is compared
 * with it at once, so that a log of millions of deliveries holds each publication once.
 */
export class SeenTable {
  readonly #channel: string;
  readonly #journal: Journal;
  readonly #epochs = new Map<string, Map<number, number>>();
  #run: OpenRun | undefined;

  constructor(channel: string, journal: Journal) {
    this.#channel = channel;
    this.#journal = journal;
  }

  /** The id that was seen first at this position: `id` itself where nobody was there before. */
  first({ offset, epoch }: Position, id: number): number {
    const ids = this.#epochs.get(epoch) ?? new Map<number, number>();
    const known = ids.get(offset);
    if (known !== undefined) return known;
    this.#epochs.set(epoch, ids.set(offset, id));
    this.#record({ offset, epoch }, id);
    return id;
  }

  /** Writes what is still open. */
  flush(): void {
    if (this.#run !== undefined) this.#journal.write({ type: 'seen', channel: this.#channel, ...this.#run });
    this.#run = undefined;
  }

  #record({ offset, epoch }: Position, id: number): void {
    const run = this.#run;
    if (run?.epoch === epoch && offset === run.from + run.ids.length && run.ids.length < IDS_MAX) {
      run.ids.push(id);
      return;
    }
    this.flush();
    this.#run = { epoch, from: offset, ids: [id] };
  }
}
