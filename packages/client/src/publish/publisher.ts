import { err, type Millis, ok, type Result } from '@kittiwake/base';
import type { Ack, ChannelName, ErrorMessage, Position, Ref } from '@kittiwake/protocol';
import { type Failure, localFailure } from '../failure.ts';
import { AckedMemory } from './acked-memory.ts';
import type { Durability } from './durability.ts';
import type { KeyedPublish } from './encode-publish.ts';
import type { Entry } from './entry.ts';
import { type HistorySight, historyCut, isOverwritten } from './history-cut.ts';
import { type EntryMode, makeEntry } from './make-entry.ts';
import { Numbering } from './numbering.ts';
import { type PublishOutcome, refused } from './publish-outcome.ts';
import { PublishQueue } from './publish-queue.ts';
import type { PublisherDeps, PublishMode } from './publisher-port.ts';
import type { StoredPublish } from './stored-publish.ts';
import { teller } from './teller.ts';

/** Publishes of a client, from the call to the last word about them (SPEC K5, K6, K14, K16, K17). */
export class Publisher {
  readonly #deps: PublisherDeps;
  readonly #queue: PublishQueue;
  readonly #memory: AckedMemory;
  readonly #numbering: Numbering;
  readonly #durability: Durability | undefined;
  /** Order of the newest publish of this life; those of earlier ones come before 1. */
  #order = 0;

  constructor(deps: PublisherDeps) {
    this.#deps = deps;
    const { clock, bounds, store, handler } = deps;
    this.#durability = store?.attach({
      clock,
      lane: (channel, producer) => this.#numbering.lane(channel, producer),
      restore: (stored, ageMs) => this.#restore(stored, ageMs),
      failed: handler.storeFailed,
    });
    this.#memory = new AckedMemory(clock, bounds);
    this.#queue = new PublishQueue({
      ...deps,
      number: entry => this.#numbering.number(entry),
      ...(store === undefined ? {} : { keep: entry => this.#keep(entry) }),
      handler: {
        settled: (entry, outcome, ack) => this.#settled(entry, outcome, ack),
        gap: (lane, gap) => this.#numbering.gap(lane, gap),
        fenced: (lane, failure) => this.#numbering.fence(lane, failure),
      },
    });
    this.#numbering = new Numbering({
      clock,
      wire: deps.wire,
      memory: this.#memory,
      queue: this.#queue,
      again: entries => this.#again(entries),
      changed: lane => this.#durability?.keepLane(lane),
      linked: entry => void this.#keep(entry),
      lost: handler.lost,
      fenced: handler.fenced,
    });
  }

  /** Publishes that are not settled, and their bytes. */
  get queued(): { readonly messages: number; readonly bytes: number } {
    return { messages: this.#queue.entries.size, bytes: this.#queue.entries.bytes };
  }

  /** Takes up what an earlier life of the application left in the store. */
  start(): void {
    this.#durability?.open();
  }

  /** Sends the publish, or keeps it until it can be sent; the promise never rejects. */
  publish(message: KeyedPublish, mode: PublishMode): Promise<PublishOutcome> {
    const { channel, key } = message;
    const refuse = (failure: Failure): Promise<PublishOutcome> =>
      Promise.resolve(refused(failure, key, false));
    const lane = mode.producer && this.#numbering.lane(channel, mode.producer);
    if (lane?.fenced !== undefined) return refuse(lane.fenced);
    const waiting = this.#queue.entries.find(message);
    if (waiting !== undefined) return this.#join(waiting, mode);
    const { clock } = this.#deps;
    const made = this.#entry({ message, order: this.#order + 1, atMs: clock.nowMs() }, { ...mode, lane });
    if (!made.ok) return refuse(made.error);
    const full = this.#queue.makeRoom(made.value.bytes);
    if (full !== undefined) return refuse(full);
    this.#order += 1;
    return new Promise(resolve => {
      made.value.tell = teller(this.#deps.handler.settled, message, resolve);
      this.#queue.add(made.value);
    });
  }

  /** Sends what waits and may be sent now. */
  flush(): void {
    this.#queue.flush();
  }

  /** How many wait for an answer on the connection before the move. */
  get former(): number {
    return this.#queue.stages.former.size;
  }

  /** What is sent from now on takes another way. */
  moved(): void {
    this.#queue.moved();
  }

  /** The connection before the move is gone: what was not answered there waits again. */
  departed(): void {
    this.#queue.departed();
  }

  /** The connection is gone: what was not answered waits again. */
  lost(): void {
    this.#queue.lost();
  }

  /** Takes an answer; false where it belongs to no publish. */
  answer(ref: Ref, message: Ack | ErrorMessage): boolean {
    return this.#queue.answer(ref, message);
  }

  /** A channel saw something of its history that may concern what was acknowledged there. */
  saw(channel: ChannelName, sight: HistorySight): void {
    const { again, lost } = historyCut(this.#memory, channel, sight);
    if (lost !== undefined) this.#deps.handler.lost(channel, lost);
    this.#again(again);
  }

  /** Settles every promise; what is in the store is left to the next life. */
  close(): void {
    this.#queue.close();
    this.#memory.clear();
    this.#durability?.close();
  }

  #entry(stored: Omit<StoredPublish, 'republish'>, mode: EntryMode): Result<Entry, Failure> {
    const { wire, nextRef, bytesMax } = this.#deps;
    const giveUpAtMs = this.#giveUpAtMs(mode.timeoutMs);
    const made = makeEntry(stored, { ...mode, wire, nextRef, bytesMax, giveUpAtMs });
    // A store that could not give it back would lose it silently.
    if (!made.ok || this.#durability?.canKeep(made.value) !== false) return made;
    return err(localFailure('not_serializable', 'a store could not give it back', 'never'));
  }

  #giveUpAtMs(timeoutMs = Number.POSITIVE_INFINITY): Millis {
    return this.#deps.clock.monotonicMs() + Math.min(timeoutMs, this.#deps.bounds.ageMaxMs);
  }

  /** The same publish again while the first one waits: one of them is enough, and both callers are told. */
  #join(entry: Entry, { timeoutMs }: PublishMode): Promise<PublishOutcome> {
    return new Promise(resolve => {
      const { told, tell } = entry;
      const also = teller(this.#deps.handler.settled, entry.message, resolve);
      entry.tell = told ? also : outcome => [tell, also].forEach(each => void each(outcome));
      this.#queue.extend(entry, this.#giveUpAtMs(timeoutMs));
    });
  }

  #settled(entry: Entry, outcome: PublishOutcome, ack: Ack | undefined): void {
    const { lane, number, republish, message } = entry;
    // The number is skipped before the record goes: in between the next life would take it for a doubt, never for a hole.
    if (outcome.outcome === 'rejected') this.#numbering.skip(entry);
    if (ack !== undefined && lane !== undefined) {
      lane.heard(number?.sequence ?? 0, this.#deps.clock.nowMs());
      this.#durability?.heard(lane);
    }
    this.#durability?.forget(message);
    if (ack === undefined || ack.level === 'replicated') return;
    const { position } = ack;
    const isLost = position !== undefined && this.#isOverwritten(message.channel, position);
    // Published again and answered with the place that it lost: the gateway would answer that for ever.
    const isVain =
      isLost && entry.stoodAt?.epoch === position.epoch && entry.stoodAt.offset === position.offset;
    entry.stoodAt = position;
    if (!isVain && (republish || lane !== undefined)) this.#memory.add(entry, position);
    else if (position !== undefined) this.#memory.note(message.channel, position);
    // The acknowledgement came after another entry was seen in its place.
    if (isLost)
      this.saw(message.channel, {
        sight: 'truncated',
        from: position.offset,
        held: [{ epoch: position.epoch, start: 0 }],
      });
  }

  #isOverwritten(channel: ChannelName, position: Position): boolean {
    const seen = this.#deps.seen(channel);
    return seen !== undefined && isOverwritten(seen, position);
  }

  /** Publishes again what was acknowledged: in its old place, and in doubt, since it may still be there. */
  #again(entries: readonly Entry[]): void {
    for (const entry of entries) {
      entry.phase = 'queued';
      entry.doubted = true;
      entry.waited = true;
      entry.told = false;
      entry.kept = false;
      entry.giveUpAtMs = this.#giveUpAtMs();
      this.#queue.add(entry);
    }
  }

  async #keep(entry: Entry): Promise<Result<void, Failure>> {
    return (await this.#durability?.keep(entry)) ?? ok();
  }

  /** Takes up one publish of an earlier life; whether that sent it is not known, unless it had to be numbered first. */
  #restore(stored: StoredPublish, ageMs: Millis): void {
    const { message, producer, number, republish } = stored;
    if (this.#queue.entries.find(message) !== undefined) return;
    const lane = producer && this.#numbering.lane(message.channel, producer);
    if (number !== undefined) lane?.restore({ last: number.sequence });
    this.#order = Math.max(this.#order, stored.order);
    const leftMs = this.#deps.bounds.ageMaxMs - ageMs;
    const made = this.#entry(stored, { lane, republish });
    const tell = teller(this.#deps.handler.settled, message);
    const doubted = lane === undefined || number !== undefined;
    if (!made.ok) {
      this.#durability?.forget(message);
      tell(refused(made.error, message.key, doubted));
      return;
    }
    const entry = Object.assign(made.value, {
      tell,
      doubted,
      giveUpAtMs: this.#deps.clock.monotonicMs() + leftMs,
      kept: true,
      waited: true,
    });
    const expired = localFailure('expired', 'it was kept for as long as it may be', 'never');
    const failure = leftMs > 0 ? this.#queue.makeRoom(entry.bytes) : expired;
    if (number !== undefined) entry.data = this.#numbering.encode(entry);
    if (failure === undefined) this.#queue.add(entry);
    else this.#queue.settle(entry, refused(failure, message.key, doubted));
  }
}
