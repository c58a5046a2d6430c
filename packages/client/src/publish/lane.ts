import type { ChannelName, Producer } from '@kittiwake/protocol';
import type { Failure } from '../failure.ts';

/** Who numbers the publishes of a channel: a producer, in one of its lives. */
export type ProducerLife = Pick<Producer, 'id' | 'epoch'>;

/** The numbers of one life of a producer in one channel: without gaps, and given to one publish at a time (SPEC K16). */
export class Lane {
  readonly channel: ChannelName;
  readonly producer: ProducerLife;
  #last = 0;
  #fenced: Failure | undefined;

  constructor(channel: ChannelName, producer: ProducerLife) {
    this.channel = channel;
    this.producer = producer;
  }

  /** The last number that was given and not given back. */
  get last(): number {
    return this.#last;
  }

  /** Why nothing more is published, once a later life, or somebody else, has published under this name. */
  get fenced(): Failure | undefined {
    return this.#fenced;
  }

  next(): number {
    this.#last += 1;
    return this.#last;
  }

  /** Goes on after `last`, as an earlier life of the application left it. */
  restore(last: number): void {
    this.#last = Math.max(this.#last, last);
  }

  /** Numbers beyond `last` were certainly not stored, and are given anew. */
  rewind(last: number): void {
    this.#last = Math.min(this.#last, last);
  }

  fence(failure: Failure): void {
    this.#fenced = failure;
  }
}

/** Unique, and the same in each life of the application. */
export function laneName(channel: ChannelName, { id, epoch }: ProducerLife): string {
  return `lane ${channel} ${id} ${epoch}`;
}
