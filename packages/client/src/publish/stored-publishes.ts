import { type Millis, ok, type Result } from '@kittiwake/base';
import { type Failure, localFailure } from '../failure.ts';
import type { Durability, DurabilityPort } from './durability.ts';
import type { KeyedPublish } from './encode-publish.ts';
import { type Entry, entryId } from './entry.ts';
import { Keeper } from './keeper.ts';
import type { Lane } from './lane.ts';
import { leftBehind } from './left-behind.ts';
import type { PublishStore, StoreContent } from './publish-store.ts';
import { laneRecord, parseRecord, publishRecord } from './stored-publish.ts';

/** The record of a lane stands for what is heard so soon after it; what is heard later is written. */
const SOON_MS: Millis = 1_000;

/** The publishes of one client in a store, in the order of all lives that used it (SPEC K14). */
export class StoredPublishes implements Durability {
  readonly #port: DurabilityPort;
  readonly #keeper: Keeper;
  /** What the store held when it was first read had orders up to this one: in the store those of this life come after it. */
  #before: number | undefined;
  /** Wall-clock time of the records of this life. */
  readonly #keptAtMs = new WeakMap<Lane, Millis>();

  constructor(store: PublishStore, port: DurabilityPort) {
    this.#port = port;
    this.#keeper = new Keeper({
      store,
      clock: port.clock,
      loaded: (content, isCurrent) => this.#loaded(content, isCurrent),
      failed: port.failed,
    });
  }

  open(): void {
    void this.#keeper.open();
  }

  canKeep(entry: Entry): boolean {
    return parseRecord(publishRecord(entry)) !== undefined;
  }

  async keep(entry: Entry): Promise<Result<void, Failure>> {
    const { lane, number } = entry;
    const [first, second] = await Promise.all([
      this.#keeper.put(() => publishRecord({ ...entry, order: entry.order + (this.#before ?? 0) })),
      lane === undefined || number === undefined ? ok() : this.#putLane(lane),
    ]);
    return first.ok ? second : first;
  }

  keepLane(lane: Lane): void {
    void this.#putLane(lane);
  }

  heard(lane: Lane): void {
    const keptAtMs = this.#keptAtMs.get(lane) ?? 0;
    if (this.#port.clock.nowMs() - keptAtMs > SOON_MS) this.keepLane(lane);
  }

  forget(message: KeyedPublish): void {
    void this.#keeper.remove(entryId(message));
  }

  close(): void {
    this.#keeper.close();
  }

  #putLane(lane: Lane): Promise<Result<void, Failure>> {
    return this.#keeper.put(() => {
      const atMs = this.#port.clock.nowMs();
      this.#keptAtMs.set(lane, atMs);
      return laneRecord(lane, atMs);
    });
  }

  #loaded(content: StoreContent, isCurrent: boolean): void {
    const { publishes, lanes, stale, damaged } = leftBehind(content);
    this.#before ??= publishes.at(-1)?.order ?? 0;
    if (!isCurrent) return;
    const { clock, lane, restore, failed } = this.#port;
    if (damaged > 0)
      failed(localFailure('store_damaged', `${damaged} records of the store cannot be read`, 'never'));
    for (const id of stale) void this.#keeper.remove(id);
    for (const left of lanes) lane(left.channel, left.producer).restore(left);
    for (const stored of publishes) {
      const order = stored.order - this.#before;
      restore({ ...stored, order }, Math.max(0, clock.nowMs() - stored.atMs));
    }
  }
}
