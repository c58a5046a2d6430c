import type { AnyEvents, Channel, ChannelStart, Client, HistoryChange, Resumed } from '@kittiwake/client';
import type { ChannelName, EpochChain, Position } from '@kittiwake/protocol';
import type { HistoryEntry } from '../check/ledger.ts';
import { checkShown, checkTrimmed, checkTruncated, checkUnknown, type Holding } from '../check/told.ts';
import type { Scene } from '../world/scene.ts';
import type { SimClient } from '../world/sim-client.ts';
import { idOf } from './id-of.ts';
import { VAULT } from './workload.ts';

/** A publication as the application gets it. */
export type Seen = { readonly position: Position; readonly data: unknown };

/**
 * What one application holds of a channel, by what the SDK told it alone: publications, rolled back where it said
 * `truncated`, with a hole where it said `trimmed`, begun anew where it said `unknown`. Checks each step (I0–I2, I4).
 */
export class ChannelView {
  readonly channel: ChannelName;
  readonly owner: string;
  readonly keepsChain: boolean;
  readonly #scene: Scene;
  readonly #held: HistoryEntry[] = [];
  readonly #ids = new Set<string>();
  /** Where it goes on; `undefined` before the first answer to a join. */
  #position: Position | undefined;
  /** The epochs of what is held, as the SDK names them. */
  #chain: EpochChain | undefined;
  #client: Client<Record<never, never>> | undefined;
  #joined: Channel<AnyEvents> | undefined;
  /** Since when it has been behind; `undefined` while it is not. */
  behindSinceMs: number | undefined;

  constructor(
    scene: Scene,
    { owner, channel, keepsChain }: Pick<Holding, 'owner' | 'channel' | 'keepsChain'>,
  ) {
    this.keepsChain = keepsChain;
    this.#scene = scene;
    this.owner = owner;
    this.channel = channel;
  }

  /** The last publication that was applied, or where a view without one begins. */
  get position(): Position | undefined {
    return this.#position;
  }

  get held(): readonly HistoryEntry[] {
    return this.#held;
  }

  /** The gateway from which it gets what is new; `undefined` while it gets nothing, and knows it. */
  get gateway(): string | undefined {
    const status = this.#client?.status;
    if (status?.phase !== 'connected' || this.#joined?.state.phase !== 'joined') return undefined;
    return status.gateway;
  }

  /** What an application keeps of it to go on from there in another life. */
  get kept(): ChannelStart {
    if (this.#position === undefined) return {};
    return {
      position: this.#position,
      ...(this.keepsChain && this.#chain !== undefined ? { chain: this.#chain } : {}),
    };
  }

  /** Joins by the client of a process that has just begun, from where the last one left off. */
  follow({ client }: SimClient, start: ChannelStart): Channel<AnyEvents> {
    this.#client = client;
    const channel = client.channel(this.channel, start);
    this.#joined = channel;
    channel.on('publication', publication => this.publication(publication));
    for (const outcome of ['truncated', 'trimmed', 'unknown'] as const)
      channel.on(outcome, change => this.changed(change));
    channel.on('resumed', resumed => this.resumed(resumed));
    void channel.join();
    return channel;
  }

  publication({ position, data }: Seen): void {
    const id = idOf(data);
    const { offset, epoch } = position;
    this.#note(() => `+${offset}@${epoch} ${id}`);
    this.#scene.count('deliveries');
    const expected = this.#position === undefined ? offset : this.#position.offset + 1;
    if (offset !== expected) this.#fail('I1', `got ${offset} where ${expected} follows`);
    const stored = this.#scene.ledger.idAt(this.channel, position);
    if (stored !== id)
      this.#fail('I0', `got ${id} at ${offset}@${epoch}, where ${stored ?? 'nothing'} was stored`);
    if (this.#ids.has(id)) this.#fail('I2', `got ${id} a second time, at ${offset}@${epoch}`);
    this.#ids.add(id);
    this.#held.push({ offset, epoch, id });
    this.#commit(position);
  }

  /** The history changed under the view. */
  changed(change: HistoryChange): void {
    this.#note(() => `${change.outcome} ${JSON.stringify(change)}`);
    this.#scene.count(change.outcome);
    const tip = this.#position?.offset ?? 0;
    switch (change.outcome) {
      case 'truncated':
        this.#truncated(change, tip);
        break;
      case 'trimmed':
        if (change.from !== tip + 1) this.#fail('I1', `trimmed from ${change.from} where ${tip + 1} follows`);
        checkTrimmed(this.#scene, this, change.to);
        break;
      case 'unknown':
        checkUnknown(this.#scene, this);
        this.#drop(0);
        break;
    }
    this.#commit(change.position);
  }

  /** A join was answered. */
  resumed({ outcome, position }: Resumed): void {
    this.#note(() => `joined ${outcome} at ${position.offset}@${position.epoch}`);
    this.#scene.count(`resumed ${outcome}`);
    if (this.#position === undefined) this.#commit(position);
  }

  #commit(position: Position): void {
    this.#position = position;
    this.#chain = this.#joined?.chain;
  }

  #truncated({ from, to }: { readonly from: number; readonly to: number }, tip: number): void {
    if (to !== tip) this.#fail('I4', `truncated up to ${to} where ${tip} is the last`);
    if (from > to) this.#fail('I4', `truncated from ${from}, of which nothing was seen`);
    checkTruncated(this.#scene, this, from);
    this.#drop(from);
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
