import type { Random } from '@kittiwake/base';
import type {
  AnyEvents,
  Channel,
  ChannelStart,
  Client,
  HistoryChange,
  Resumed,
  ResumePoint,
} from '@kittiwake/client';
import type { ChannelName, Position } from '@kittiwake/protocol';
import type { HistoryEntry } from '../check/ledger.ts';
import { checkShown, checkTrimmed, checkTruncated, checkUnknown, type Holding } from '../check/told.ts';
import type { Following } from '../check/watch-progress.ts';
import type { Scene } from '../world/scene.ts';
import type { SimClient } from '../world/sim-client.ts';
import { idOf } from './id-of.ts';
import { type Committed, process, type Seen } from './processing.ts';
import { VAULT } from './workload.ts';

/** What a view is made of. */
export type ViewParts = Pick<Holding, 'owner' | 'channel' | 'keepsChain'> & {
  /** The chance of an application that commits one by one (SPEC K15); absent where it takes what comes. */
  readonly processing: Random | undefined;
};

/**
 * What one application holds of a channel, by what the SDK told it alone: publications, rolled back where it said
 * `truncated`, with a hole where it said `trimmed`, begun anew where it said `unknown`. Checks each step (I0–I2, I4).
 */
export class ChannelView {
  readonly channel: ChannelName;
  readonly owner: string;
  readonly keepsChain: boolean;
  readonly #scene: Scene;
  readonly #processing: Random | undefined;
  readonly #held: HistoryEntry[] = [];
  readonly #ids = new Set<string>();
  /** Where it goes on; `undefined` before the first answer to a join. */
  #position: Position | undefined;
  /** What the SDK gave to keep with the position. */
  #place: ResumePoint | undefined;
  #client: Client<Record<never, never>> | undefined;
  #followed: Channel<AnyEvents> | undefined;
  /** Where a hole begins that nothing has been seen behind. */
  #holeFrom = Number.POSITIVE_INFINITY;
  #join: () => void = () => {};
  /** Since when it has been behind; `undefined` while it is not. */
  behind: Following['behind'];

  constructor(scene: Scene, { owner, channel, keepsChain, processing }: ViewParts) {
    this.#scene = scene;
    this.owner = owner;
    this.channel = channel;
    this.keepsChain = keepsChain;
    this.#processing = processing;
  }

  /** The last publication that was applied, or where a view without one begins. */
  get position(): Position | undefined {
    return this.#position;
  }

  /** Where it goes on: who holds nothing has lost nothing where the channel was set back, and has to ask the SDK (SPEC K10). */
  get goesOnFrom(): Position | undefined {
    return this.#held.length > 0 ? this.#position : (this.#followed?.position ?? this.#position);
  }

  get held(): readonly HistoryEntry[] {
    return this.#held;
  }

  /** The gateway from which it gets what is new; `undefined` while it gets nothing, and knows it. */
  get gateway(): string | undefined {
    const status = this.#client?.status;
    if (status?.phase !== 'connected' || this.#followed?.state.phase !== 'joined') return undefined;
    return status.gateway;
  }

  /** What an application keeps of it to go on from there in another life. */
  get kept(): ChannelStart {
    if (this.#position === undefined) return {};
    return { position: this.#position, ...(this.keepsChain ? this.#place : {}) };
  }

  /** Joins by the client of a process that has just begun, from where the last one left off. */
  follow({ client, clock }: SimClient, start: ChannelStart): Channel<AnyEvents> {
    const channel = client.channel(this.channel, start);
    const random = this.#processing;
    this.#client = client;
    this.#followed = channel;
    // What a process is told that was overtaken by another one is of no account.
    const heard: Committed & Pick<ChannelView, 'resumed'> = {
      publication: (seen, place) => this.#followed === channel && this.publication(seen, place),
      changed: (change, place) => this.#followed === channel && this.changed(change, place),
      resumed: resumed => this.#followed === channel && this.resumed(resumed),
    };
    channel.on('resumed', resumed => heard.resumed(resumed));
    if (random === undefined) {
      channel.on('publication', publication => heard.publication(publication));
      for (const outcome of ['truncated', 'trimmed', 'unknown'] as const)
        channel.on(outcome, change => heard.changed(change));
    }
    this.#join =
      random === undefined
        ? () => void channel.join()
        : process({ channel, committed: heard, clock, random });
    this.#join();
    return channel;
  }

  /** Goes on where the channel was left. */
  comeBack(): void {
    this.#join();
  }

  /** A publication, and where it leads, where that is committed with it. */
  publication({ position, data }: Seen, place?: ResumePoint): void {
    const id = idOf(data);
    const { offset, epoch } = position;
    this.#note(() => `+${offset}@${epoch} ${id}`);
    this.#scene.count('deliveries');
    const expected = this.#position === undefined ? offset : this.#position.offset + 1;
    // A hole may turn out to be another history's, and be filled by what is there instead.
    const fillsHole = offset >= this.#holeFrom && offset < expected;
    if (offset !== expected && !fillsHole && !this.#mayBeSetBackTo(offset))
      this.#fail('I1', `got ${offset} where ${expected} follows`);
    this.#holeFrom = Number.POSITIVE_INFINITY;
    const stored = this.#scene.ledger.idAt(this.channel, position);
    if (stored !== id)
      this.#fail('I0', `got ${id} at ${offset}@${epoch}, where ${stored ?? 'nothing'} was stored`);
    if (this.#ids.has(id)) this.#fail('I2', `got ${id} a second time, at ${offset}@${epoch}`);
    this.#ids.add(id);
    this.#held.push({ offset, epoch, id });
    this.#commit(position, place);
  }

  /** The history changed under the view. */
  changed(change: HistoryChange, place?: ResumePoint): void {
    this.#note(() => `${change.outcome} ${JSON.stringify(change)}`);
    this.#scene.count(change.outcome);
    const tip = this.#position?.offset ?? 0;
    switch (change.outcome) {
      case 'truncated':
        this.#truncated(change, tip);
        break;
      case 'trimmed':
        if (change.from !== tip + 1 && !this.#mayBeSetBackTo(change.from))
          this.#fail('I1', `trimmed from ${change.from} where ${tip + 1} follows`);
        checkTrimmed(this.#scene, this, change.to);
        this.#holeFrom = Math.min(this.#holeFrom, change.from);
        break;
      case 'unknown':
        checkUnknown(this.#scene, this);
        this.#drop(0);
        this.#holeFrom = Number.POSITIVE_INFINITY;
        break;
    }
    this.#commit(change.position, place);
  }

  /** A join was answered. */
  resumed({ outcome, position }: Resumed): void {
    this.#note(() => `joined ${outcome} at ${position.offset}@${position.epoch}`);
    this.#scene.count(`resumed ${outcome}`);
    if (this.#position === undefined) this.#commit(position);
  }

  /** Who holds nothing has lost nothing where the channel was set back, and is not told (SPEC K10). */
  #mayBeSetBackTo(next: number): boolean {
    return this.#held.length === 0 && next <= (this.#position?.offset ?? 0);
  }

  /** Here the application stands, by the place that it was given to commit or, without one, by the SDK's own. */
  #commit(position: Position, place?: ResumePoint): void {
    this.#position = position;
    this.#place = place ?? this.#followed?.place;
  }

  #truncated({ from, to }: { readonly from: number; readonly to: number }, tip: number): void {
    if (to !== tip) this.#fail('I4', `truncated up to ${to} where ${tip} is the last`);
    if (from > to) this.#fail('I4', `truncated from ${from}, of which nothing was seen`);
    checkTruncated(this.#scene, this, from);
    this.#drop(from);
    if (from <= this.#holeFrom) this.#holeFrom = Number.POSITIVE_INFINITY;
  }

  #drop(from: number): void {
    for (let last = this.#held.at(-1); last !== undefined && last.offset >= from; last = this.#held.at(-1)) {
      this.#ids.delete(last.id);
      if (this.channel === VAULT) checkShown(this.#scene, this, last);
      this.#held.pop();
    }
  }

  #fail(invariant: 'I0' | 'I1' | 'I2' | 'I4', message: string): void {
    this.#scene.violate(invariant, `${this.owner} in ${this.channel} ${message}`);
  }

  #note(text: () => string): void {
    this.#scene.note(() => `${this.owner} ${this.channel} ${text()}`);
  }
}
