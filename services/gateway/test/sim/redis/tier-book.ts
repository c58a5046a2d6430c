import type { ChannelName, Position } from '@kittiwake/protocol';
import type { SimLoop } from '@kittiwake/testkit';
import { stateKey } from '../../../src/broker/redis/keys.ts';
import type { Effects, Keyspace } from './keyspace/keyspace.ts';
import { type History, type Point, type Span, spansOff, stands } from './server/history.ts';
import type { NodeWatcher } from './server/node-parts.ts';
import type { SimRedisNode } from './server/sim-redis-node.ts';
import { channelOfState, storedIn } from './stored-entry.ts';

/** Is told of every entry that any primary stores, when it does. */
export type OnEntryStored = (channel: ChannelName, position: Position, body: string) => void;

/** What the book is made of. */
export type TierBookParts = {
  readonly loop: SimLoop;
  nodes(): readonly SimRedisNode[];
  readonly onStored: OnEntryStored | undefined;
  /** Whoever asks around may hear something else now. */
  onChanged(): void;
};

/** Entries of one epoch: the index of the unit that stored each, by offset. */
type Places = { readonly history: History; readonly indices: number[] };

/** What a checker may want to know of the tier, and nobody in the world can. */
export class TierBook implements NodeWatcher {
  readonly #parts: TierBookParts;
  /** By state and epoch, which names one history: at the offset of each entry, its place there. */
  readonly #places = new Map<string, Map<string, Places>>();
  /** What replicas held and the tier lost: by the choice of a Sentinel, a copy, or a disk. */
  readonly #lost: Span[] = [];
  /** Of everybody who led, in the order in which they began to. */
  readonly #led: History[] = [];
  /** Until when what was written is gone, in a channel or, under the empty name, everywhere. */
  readonly #wipedAtMs = new Map<string, number>();
  #twoPrimariesUntilMs = 0;

  constructor(parts: TierBookParts) {
    this.#parts = parts;
  }

  /** Who followed a primary that nobody named in the end was told what is true no more. */
  givenUp(): void {
    this.#twoPrimariesUntilMs = Math.max(this.#twoPrimariesUntilMs, this.#parts.loop.nowMs);
  }

  /** Until when there were two primaries, each of which answered for itself. */
  get doubtfulUntilMs(): number {
    return this.#primaries() > 1 ? Number.POSITIVE_INFINITY : this.#twoPrimariesUntilMs;
  }

  /**
   * Whether an entry that was acknowledged as replicated had to outlive all that happened since. It had not where a
   * replica did hold it, and the tier lost it all the same; where none ever did, the acknowledgement was a lie.
   */
  keeps(channel: ChannelName, position: Position): boolean {
    const place = this.#placeOf(channel, position);
    if (place === undefined) return true;
    const { history, index } = place;
    if (this.#isWiped(channel, history, index)) return false;
    if (this.#lost.some(span => span.history === history && span.from <= index && index < span.to))
      return false;
    // A replica of a primary that nobody names any more may hold it still.
    return !this.#parts.nodes().some(node => node.name !== history.leader && stands(node.at, place));
  }

  /** Whether a node must have an entry, by the history that it has lived: whatever its data say. */
  holds(node: Pick<SimRedisNode, 'at'>, channel: ChannelName, position: Position): boolean {
    const place = this.#placeOf(channel, position);
    if (place === undefined) return false;
    return !this.#isWiped(channel, place.history, place.index) && stands(node.at, place);
  }

  /**
   * Whether an entry was gone for a while before `node` led: it was wiped, or somebody led since it was stored who did not
   * have it. It is there again where `node` had it all the same, as a replica that hung meanwhile, and was not told.
   */
  wasGone(node: Pick<SimRedisNode, 'at'>, channel: ChannelName, position: Position): boolean {
    const place = this.#placeOf(channel, position);
    if (place === undefined) return false;
    if (this.#isWiped(channel, place.history, place.index)) return true;
    const since = this.#led.slice(this.#led.indexOf(place.history) + 1);
    return since.some(history => history !== node.at.history && !stands(history.head, place));
  }

  wiped(channel: ChannelName | undefined): void {
    this.#wipedAtMs.set(channel ?? '', this.#parts.loop.nowMs);
  }

  written(at: Point, unit: Effects, data: Keyspace): void {
    const stored = storedIn(unit, data);
    if (stored === undefined) return;
    const { key, position, body } = stored;
    this.#placesOf(key, position.epoch, at.history).indices[position.offset] = at.index;
    this.#parts.onStored?.(channelOfState(key), position, body);
  }

  led(node: Pick<SimRedisNode, 'name' | 'at'>): void {
    this.#led.push(node.at.history);
    for (const other of this.#parts.nodes())
      if (other.name !== node.name) this.moved(other.name, other.at, node.at);
  }

  moved(name: string, from: Point, to: Point): void {
    // What only a primary itself had was never replicated.
    for (const span of spansOff(from, to)) if (span.history.leader !== name) this.#lost.push(span);
  }

  changed(): void {
    this.#parts.onChanged();
    if (this.#primaries() > 1) this.#twoPrimariesUntilMs = Number.POSITIVE_INFINITY;
    else if (this.#twoPrimariesUntilMs === Number.POSITIVE_INFINITY)
      this.#twoPrimariesUntilMs = this.#parts.loop.nowMs;
  }

  #isWiped(channel: ChannelName, history: History, index: number): boolean {
    const writtenAtMs = history.writtenAtMs(index);
    return ['', channel].some(wiped => writtenAtMs <= (this.#wipedAtMs.get(wiped) ?? -1));
  }

  /** Where a position was stored; `undefined` where it never was. */
  #placeOf(channel: ChannelName, { epoch, offset }: Position): Point | undefined {
    const places = this.#places.get(stateKey(channel))?.get(epoch);
    const index = places?.indices[offset];
    return places === undefined || index === undefined ? undefined : { history: places.history, index };
  }

  #placesOf(key: string, epoch: string, history: History): Places {
    const known = this.#places.get(key)?.get(epoch);
    if (known !== undefined) return known;
    const places: Places = { history, indices: [] };
    const epochs = this.#places.get(key) ?? new Map<string, Places>();
    this.#places.set(key, epochs.set(epoch, places));
    return places;
  }

  #primaries(): number {
    return this.#parts.nodes().filter(node => node.role === 'primary').length;
  }
}
