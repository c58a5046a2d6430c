import { assertExists } from '@kittiwake/base';
import type { ChannelName, WireData } from '@kittiwake/protocol';
import type { Wire } from '../connection/wire.ts';
import type { Failure } from '../failure.ts';
import type { AckedMemory } from './acked-memory.ts';
import { numbered } from './encode-publish.ts';
import { type Entry, isDoubtful } from './entry.ts';
import { Lane, laneName, type ProducerLife } from './lane.ts';
import { missingRanges } from './missing-ranges.ts';
import type { Lost } from './publish-events.ts';
import { refused } from './publish-outcome.ts';
import type { PublishQueue } from './publish-queue.ts';

/** What numbering needs. */
export type NumberingDeps = {
  readonly wire: Pick<Wire, 'encode'>;
  readonly memory: AckedMemory;
  readonly queue: Pick<PublishQueue, 'entries' | 'settle'>;
  /** Publishes again what was acknowledged before. */
  readonly again: (entries: readonly Entry[]) => void;
  /** The last number of a lane has changed outside of a publish. */
  readonly changed: (lane: Lane) => void;
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
    const { message, lane, ref, sequence } = entry;
    const whole =
      lane === undefined || sequence === undefined
        ? { ...message, ref }
        : numbered({ ...message, ref }, lane, sequence);
    return assertExists(this.#deps.wire.encode(whole), 'a publish in the queue can be written');
  }

  number(entry: Entry): void {
    entry.sequence = entry.lane?.next();
    entry.data = this.encode(entry);
  }

  /** A numbered publish was certainly not stored: its number goes to the next one, and so do those after it. */
  giveBack(entry: Entry): void {
    const { lane, sequence } = entry;
    if (lane === undefined || sequence === undefined || lane.fenced !== undefined) return;
    this.#rewind(lane, sequence, this.#queued(lane));
  }

  /**
   * Nothing from `expected` on is stored, whatever was acknowledged. What is still held is sent again in its order, before
   * the rest; what is not is told, and the numbers close up.
   */
  gap(entry: Entry, expected: number): void {
    const { lane, sequence } = entry;
    if (lane === undefined || sequence === undefined) return;
    const again = this.#deps.memory.take(
      known => known.entry.lane === lane && (known.entry.sequence ?? 0) >= expected,
    );
    const all = [...again, ...this.#queued(lane)];
    const held = all.flatMap(({ sequence: number }) => number ?? []);
    const missing = missingRanges(held, { from: expected, to: sequence - 1 });
    for (const range of missing) this.#deps.lost(lane.channel, { reason: 'sequence_gap', ...range });
    this.#rewind(lane, expected, all);
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

  /** From `sequence` on numbers are given anew, in order. */
  #rewind(lane: Lane, sequence: number, entries: readonly Entry[]): void {
    lane.rewind(sequence - 1);
    for (const entry of entries) if ((entry.sequence ?? 0) >= sequence) entry.sequence = undefined;
    this.#deps.changed(lane);
  }
}
