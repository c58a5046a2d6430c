import type { Millis } from '@kittiwake/base';
import type { ChannelName, Producer } from '@kittiwake/protocol';
import type { Failure } from '../failure.ts';
import { type NumberRange, withRange } from './number-ranges.ts';

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
  /** Numbers that nobody needs to hear of any more: their end was told, or they were stored so long ago. */
  readonly over: readonly NumberRange[];
  /** The highest number that was acknowledged, 0 for none. */
  readonly heard: number;
  /**
   * Wall-clock time of the last acknowledgement, 0 for none. The other clock may stop while the machine sleeps, and the
   * channel forgets meanwhile.
   */
  readonly heardAtMs: Millis;
};

/** More ranges than this are not known: the end of the lowest may be told twice. */
const OVER_RANGES_MAX = 64;

/** The numbers of one life of a producer in one channel: each is given once, to one publish at a time (SPEC K16). */
export class Lane {
  readonly channel: ChannelName;
  readonly producer: ProducerLife;
  #state: LaneState = { last: 0, tail: 0, over: [], heard: 0, heardAtMs: 0 };
  #fenced: Failure | undefined;
  #acks = 0;

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

  /** How many publishes of this life were acknowledged. */
  get acks(): number {
    return this.#acks;
  }

  next(): LaneNumber {
    const { last, tail } = this.#state;
    this.#state = { ...this.#state, last: last + 1, tail: last + 1 };
    return { sequence: last + 1, follows: tail };
  }

  /** The last number that was given is certainly not stored: the next one does not follow it. */
  skip({ sequence, follows }: LaneNumber): void {
    if (this.#state.tail === sequence) this.#state = { ...this.#state, tail: follows };
    this.end({ from: sequence, to: sequence });
  }

  /** Nobody needs to hear of these numbers any more. */
  end(range: NumberRange): void {
    this.#state = { ...this.#state, over: withRange(this.#state.over, range, OVER_RANGES_MAX) };
  }

  /** Goes on where an earlier life of the application left it, or behind a number that it left. */
  restore({
    last,
    tail = last,
    over = [],
    heard = 0,
    heardAtMs = 0,
  }: Partial<LaneState> & Pick<LaneState, 'last'>): void {
    const now = this.#state;
    this.#state = {
      last: Math.max(now.last, last),
      tail: Math.max(now.tail, tail),
      over: over.reduce((all, range) => withRange(all, range, OVER_RANGES_MAX), now.over),
      heard: Math.max(now.heard, heard),
      heardAtMs: Math.max(now.heardAtMs, heardAtMs),
    };
  }

  /** The publish with this number was acknowledged: the channel knows the producer. */
  heard(number: number, atMs: Millis): void {
    this.#acks += 1;
    this.#state = { ...this.#state, heard: Math.max(this.#state.heard, number), heardAtMs: atMs };
  }

  fence(failure: Failure): void {
    this.#fenced = failure;
  }
}

/** Unique, and the same in each life of the application. */
export function laneName(channel: ChannelName, { id, epoch }: ProducerLife): string {
  return `lane ${channel} ${id} ${epoch}`;
}
