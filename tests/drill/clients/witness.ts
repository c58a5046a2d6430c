import type { Clock } from '@kittiwake/base';
import type { AnyEvents, Channel, ChannelMap, Client, HistoryChange, Resumed } from '@kittiwake/client';
import type { Json, Position } from '@kittiwake/protocol';
import type { Journal } from './journal.ts';
import type { SeenTable } from './seen-table.ts';

/** What a witness needs. */
export type WitnessDeps = {
  /** Name in the journal. */
  readonly name: string;
  readonly client: Client<ChannelMap>;
  readonly channel: Channel<AnyEvents>;
  readonly seen: SeenTable;
  readonly journal: Journal;
  readonly clock: Clock;
};

type Run = { readonly epoch: string; readonly from: number; to: number };

/** Writes down what the SDK hands to the application in one channel: ranges instead of deliveries, and what it was told. */
export class Witness {
  readonly #deps: WitnessDeps;
  #run: Run | undefined;
  #begun = false;
  #deliveries = 0;
  #lostAtMs: number | undefined;
  #owed: Resumed | undefined;

  constructor(deps: WitnessDeps) {
    this.#deps = deps;
  }

  /** Begins to listen; call it before the channel is joined. */
  watch(): void {
    const { channel, client } = this.#deps;
    channel.on('publication', ({ position, data }) => this.#delivered(position, idOf(data)));
    channel.on('truncated', change => this.#changed(change));
    channel.on('trimmed', change => this.#changed(change));
    channel.on('unknown', change => this.#changed(change));
    channel.on('lost', ({ from, to }) => this.#write({ type: 'lost', from, to }));
    channel.on('resumed', resumed => this.#resumed(resumed));
    client.on('status', ({ phase }) => {
      if (this.#begun && phase !== 'connected') this.#lostAtMs ??= this.#deps.clock.nowMs();
    });
  }

  /** Whether it is a member and has everything up to `head`. */
  hasUpTo(head: number): boolean {
    const { channel } = this.#deps;
    return channel.state.phase === 'joined' && (channel.position?.offset ?? -1) >= head;
  }

  /** Writes what is still open, and gives how many publications were handed over since it was asked last. */
  flush(): number {
    this.#endRun();
    const deliveries = this.#deliveries;
    this.#deliveries = 0;
    return deliveries;
  }

  #delivered(position: Position, id: number): void {
    const { seen } = this.#deps;
    const { offset, epoch } = position;
    this.#deliveries += 1;
    const run = this.#run;
    if (run !== undefined && run.epoch === epoch && offset === run.to + 1) run.to = offset;
    else {
      this.#endRun();
      this.#run = { epoch, from: offset, to: offset };
    }
    const first = seen.first(position, id);
    if (first !== id) this.#write({ type: 'other', position, id, first });
    if (this.#owed !== undefined && offset >= this.#owed.position.offset) this.#caughtUp(this.#owed);
  }

  #changed(change: HistoryChange): void {
    this.#endRun();
    const { clock } = this.#deps;
    const { outcome, from, position } = change;
    const said =
      outcome === 'unknown'
        ? ({ outcome, from, after: position.offset } as const)
        : ({ outcome, from, to: change.to } as const);
    this.#write({ type: 'change', ...said, atMs: clock.nowMs() });
  }

  #resumed(resumed: Resumed): void {
    if (!this.#begun) this.#write({ type: 'begun', offset: resumed.position.offset });
    this.#begun = true;
    if (this.#lostAtMs === undefined) return;
    this.#owed = resumed;
    if (resumed.replayed === 0) this.#caughtUp(resumed);
  }

  #caughtUp({ replayed }: Resumed): void {
    const { clock } = this.#deps;
    const atMs = clock.nowMs();
    this.#write({ type: 'caught-up', lostAtMs: this.#lostAtMs ?? atMs, atMs, replayed });
    this.#lostAtMs = undefined;
    this.#owed = undefined;
  }

  #endRun(): void {
    if (this.#run !== undefined) this.#write({ type: 'run', ...this.#run });
    this.#run = undefined;
  }

  #write(line: Omitting<Parameters<Journal['write']>[0]>): void {
    const { name, channel, journal } = this.#deps;
    journal.write({ ...line, client: name, channel: channel.name } as Parameters<Journal['write']>[0]);
  }
}

/** A line of a client, without what every line of it says. */
type Omitting<L> = L extends { readonly client: string } ? Omit<L, 'client' | 'channel'> : never;

/** The number that a producer put into its data; −1 where it is something else. */
function idOf(data: Json): number {
  const id = typeof data === 'object' && data !== null && 'id' in data ? data['id'] : undefined;
  return typeof id === 'number' ? id : -1;
}
