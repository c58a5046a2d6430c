import { ok, type Result } from '@kittiwake/base';
import { type Failure, localFailure } from '../failure.ts';
import type { Durability, DurabilityPort } from './durability.ts';
import type { KeyedPublish } from './encode-publish.ts';
import { type Entry, entryId } from './entry.ts';
import { Keeper } from './keeper.ts';
import type { Lane } from './lane.ts';
import { leftBehind } from './left-behind.ts';
import type { PublishStore, StoreContent } from './publish-store.ts';
import { laneRecord, parseRecord, publishRecord } from './stored-publish.ts';

/** The publishes of one client in a store, in the order of all lives that used it (SPEC K14). */
export class StoredPublishes implements Durability {
  readonly #port: DurabilityPort;
  readonly #keeper: Keeper;
  /** What the store held when it was first read had orders up to this one: in the store those of this life come after it. */
  #before: number | undefined;

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

  forget(message: KeyedPublish): void {
    void this.#keeper.remove(entryId(message));
  }

  close(): void {
    this.#keeper.close();
  }

  #putLane(lane: Lane): Promise<Result<void, Failure>> {
    return this.#keeper.put(() => laneRecord(lane, this.#port.clock.nowMs()));
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
