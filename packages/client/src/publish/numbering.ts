import { assertExists, type Clock, type Millis } from '@kittiwake/base';
import type { ChannelName, WireData } from '@kittiwake/protocol';
import type { Wire } from '../connection/wire.ts';
import type { Failure } from '../failure.ts';
import type { AckedMemory, Remembered } from './acked-memory.ts';
import { numbered } from './encode-publish.ts';
import { type Entry, isDoubtful } from './entry.ts';
import type { Gap } from './judge.ts';
import { Lane, type LaneNumber, laneName, type ProducerLife } from './lane.ts';
import { missingRanges, type NumberRange } from './number-ranges.ts';
import type { Lost } from './publish-events.ts';
import { refused } from './publish-outcome.ts';
import type { PublishQueue } from './publish-queue.ts';

/** What numbering needs. */
export type NumberingDeps = {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly wire: Pick<Wire, 'encode'>;
  readonly memory: AckedMemory;
  readonly queue: Pick<PublishQueue, 'entries' | 'settle'>;
  /** Publishes again what was acknowledged before. */
  readonly again: (entries: readonly Entry[]) => void;
  /** What a lane leaves to the next life has changed outside of a publish. */
  readonly changed: (lane: Lane) => void;
  /** A publish follows another number than before. */
  readonly linked: (entry: Entry) => void;
  readonly lost: (channel: ChannelName, lost: Lost) => void;
  readonly fenced: (channel: ChannelName, failure: Failure) => void;
};

/** Numbers the publishes of producers, and repairs their order where the gateway knows better (SPEC K16). */
export class Numbering {
  readonly #deps: NumberingDeps;
  readonly #lanes = new Map<string, Lane>();

  constructor(deps: NumberingDeps) {
    this.#deps = deps;
  }

  /** The lane of a producer in a channel; the same object each time. */
  lane(channel: ChannelName, producer: ProducerLife): Lane {
    const name = laneName(channel, producer);
    const lane = this.#lanes.get(name) ?? new Lane(channel, { id: producer.id, epoch: producer.epoch });
    this.#lanes.set(name, lane);
    return lane;
  }

  /** The bytes of an entry, under its number where it has one; a number is given when it is first sent. */
  encode(entry: Entry): WireData {
    const { message, lane, ref, number } = entry;
    const whole =
      lane === undefined || number === undefined
        ? { ...message, ref }
        : numbered({ ...message, ref }, lane, number);
    return assertExists(this.#deps.wire.encode(whole), 'a publish in the queue can be written');
  }

  number(entry: Entry): void {
    this.#give(entry, entry.lane?.next());
  }

  /** A numbered publish was certainly not stored: the next one does not follow it. */
  skip({ lane, number }: Entry): void {
    if (lane === undefined || number === undefined || lane.fenced !== undefined) return;
    lane.skip(number);
    this.#deps.changed(lane);
  }

  /**
   * Nothing from `expected` on is stored, whatever was acknowledged. What is still held is sent again in its order, before
   * the rest, each under its own number; what is not is told.
   */
  gap(lane: Lane, { expected, rememberedMs }: Gap): void {
    if (expected === 1) {
      this.#beginAnew(lane, rememberedMs);
      return;
    }
    const isCut = (one: Entry): boolean => one.lane === lane && sequenceOf(one) >= expected;
    const again = this.#deps.memory.take(known => isCut(known.entry));
    const cut = inOrder([...again, ...this.#queued(lane).filter(isCut)]);
    this.#tell(lane, this.#missing(lane, cut, expected));
    this.#link(cut, expected - 1);
    this.#deps.again(again);
  }

  /** Nothing of the lane is stored any more: all of it ends here. */
  fence(lane: Lane, failure: Failure): void {
    lane.fence(failure);
    this.#deps.memory.take(known => known.entry.lane === lane);
    for (const entry of this.#queued(lane))
      this.#deps.queue.settle(entry, refused(failure, entry.message.key, isDoubtful(entry)));
    this.#deps.fenced(lane.channel, failure);
  }

  #queued(lane: Lane): readonly Entry[] {
    return this.#deps.queue.entries.all().filter(entry => entry.lane === lane);
  }

  /**
   * The channel knows nothing of the producer. What was stored was lost as a whole, unless the channel has forgotten it by
   * its age; and nobody can tell a repetition from a first one: nothing is published again on a guess.
   */
  #beginAnew(lane: Lane, rememberedMs: Millis): void {
    const { clock, memory } = this.#deps;
    const { heardAtMs } = lane.state;
    const isLost = heardAtMs > 0 && clock.nowMs() - heardAtMs < rememberedMs;
    const waiting = inOrder(this.#queued(lane).filter(({ number }) => number !== undefined));
    const missing = this.#missing(lane, waiting, 1);
    const isOf = ({ entry }: Remembered): boolean => entry.lane === lane;
    if (isLost) {
      memory.take(isOf);
      this.#tell(lane, missing);
    } else memory.forget(isOf);
    this.#link(waiting, 0);
  }

  /** Numbers that are not stored, not held, and of which nobody has heard; nobody needs to any more. */
  #missing(lane: Lane, held: readonly Entry[], expected: number): readonly NumberRange[] {
    const { over, tail } = lane.state;
    const numbers = held.map(entry => ({ from: sequenceOf(entry), to: sequenceOf(entry) }));
    const missing = missingRanges([...over, ...numbers], { from: expected, to: tail });
    for (const one of missing) lane.end(one);
    this.#deps.changed(lane);
    return missing;
  }

  #tell({ channel }: Lane, missing: readonly NumberRange[]): void {
    for (const range of missing) this.#deps.lost(channel, { reason: 'sequence_gap', ...range });
  }

  /** Each follows the one before it, and the first one what is stored. */
  #link(entries: readonly Entry[], stored: number): void {
    let follows = stored;
    for (const entry of entries) {
      const sequence = sequenceOf(entry);
      if (entry.number?.follows !== follows) {
        this.#give(entry, { sequence, follows });
        this.#deps.linked(entry);
      }
      follows = sequence;
    }
  }

  #give(entry: Entry, number: LaneNumber | undefined): void {
    entry.number = number;
    entry.data = this.encode(entry);
  }
}

/** The number of an entry, 0 where it has none yet. */
function sequenceOf({ number }: Entry): number {
  return number?.sequence ?? 0;
}

function inOrder(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted((one, other) => sequenceOf(one) - sequenceOf(other));
}
