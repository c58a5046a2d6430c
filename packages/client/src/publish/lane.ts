import type { Millis } from '@kittiwake/base';
import type { ChannelName, Producer } from '@kittiwake/protocol';
import type { Failure } from '../failure.ts';

/** Who numbers the publishes of a channel: a producer, in one of its lives. */
export type ProducerLife = Pick<Producer, 'id' | 'epoch'>;

/**
 * The number of a publish, its own for ever: a copy of what was sent under it may still be on its way. `follows` is the
 * number that is stored before it, 0 for none.
 */
export type LaneNumber = { readonly sequence: number; readonly follows: number };

/** What a lane leaves to the next life of the application. */
export type LaneState = {
  /** The last number that was given. */
  readonly last: number;
  /** The last of them that may be stored. */
  readonly tail: number;
  /** The number with which the channel began to remember the producer, as far as is known: what was before is forgotten by its age. */
  readonly first: number;
  /** Wall-clock time of the last acknowledgement, so that the time of a machine that slept counts; 0 for none. */
  readonly heardAtMs: Millis;
};

/** The numbers of one life of a producer in one channel: each is given once, to one publish at a time (SPEC K16). */
export class Lane {
  readonly channel: ChannelName;
  readonly producer: ProducerLife;
  #state: LaneState = { last: 0, tail: 0, first: 1, heardAtMs: 0 };
  #fenced: Failure | undefined;

  constructor(channel: ChannelName, producer: ProducerLife) {
    this.channel = channel;
    this.producer = producer;
  }

  get state(): LaneState {
    return this.#state;
  }

  /** Why nothing more is published, once a later life, or somebody else, has published under this name. */
  get fenced(): Failure | undefined {
    return this.#fenced;
  }

  next(): LaneNumber {
    const { last, tail } = this.#state;
    this.#state = { ...this.#state, last: last + 1, tail: last + 1 };
    return { sequence: last + 1, follows: tail };
  }

  /** The last number that was given is certainly not stored: the next one does not follow it. */
  skip({ sequence, follows }: LaneNumber): void {
    if (this.#state.tail === sequence) this.#state = { ...this.#state, tail: follows };
  }

  /** Goes on where an earlier life of the application left it, or behind a number that it left. */
  restore({
    last,
    tail = last,
    first = 1,
    heardAtMs = 0,
  }: Partial<LaneState> & { readonly last: number }): void {
    const now = this.#state;
    this.#state = {
      last: Math.max(now.last, last),
      tail: Math.max(now.tail, tail),
      first: Math.max(now.first, first),
      heardAtMs: Math.max(now.heardAtMs, heardAtMs),
    };
  }

  /** A publish was acknowledged: the channel knows the producer. */
  heard(atMs: Millis): void {
    this.#state = { ...this.#state, heardAtMs: atMs };
  }

  /** The channel knows nothing of the producer: for it the numbers begin with this one. */
  begin(first: number): void {
    this.#state = { ...this.#state, first };
  }

  fence(failure: Failure): void {
    this.#fenced = failure;
  }
}

/** Unique, and the same in each life of the application. */
export function laneName(channel: ChannelName, { id, epoch }: ProducerLife): string {
  return `lane ${channel} ${id} ${epoch}`;
}
