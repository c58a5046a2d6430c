import { type Bytes, err, type Result } from '@kittiwake/base';
import { type Publication, utf8Length } from '@kittiwake/protocol';
import { type Failure, localFailure } from '../failure.ts';
import type { Emitter } from '../store/emitter.ts';
import type { PublicationOf } from '../typed-events.ts';
import type { ChannelEvents } from './channel-events.ts';
import { type ProcessBounds, Processor } from './processor.ts';
import type { HistoryChange, Move, ResumePoint } from './resume.ts';

/** What the handler of `process` is given, in the order of the channel. */
export type Delivery<Events> =
  | { readonly type: 'publication'; readonly publication: PublicationOf<Events> }
  /** Part of the history was truncated, trimmed, or is unknown: act on it, and commit it like a publication. */
  | { readonly type: 'change'; readonly change: HistoryChange };

/**
 * Does the application's work for one delivery, and commits `commit` together with its effect, in one transaction. Once
 * it resolves the delivery is done for good; when it throws or rejects processing ends there.
 */
export type ProcessHandler<Events> = (delivery: Delivery<Events>, commit: ResumePoint) => Promise<void>;

/** How much may wait for the handler. Default: 1,000 publications, 1 MB. */
export type ProcessOptions = Partial<ProcessBounds>;

/** What deliveries need of the membership. */
export type DeliveriesDeps<Events> = {
  readonly emitter: Emitter<ChannelEvents<Events>>;
  /** Whatever was taken beyond this place was not committed: go on from here. */
  readonly rewind: (point: ResumePoint) => void;
  /** There is room again. */
  readonly room: () => void;
  readonly stop: (failure: Failure) => void;
};

const PROCESS_BOUNDS: ProcessBounds = { messagesMax: 1_000, bytesMax: 1_000_000 };

/** A change is a few numbers. */
const CHANGE_BYTES: Bytes = 100;

/** Gives what a channel delivers to its listeners: at once, or, while it is processed, once it is committed (SPEC K10, K15). */
export class Deliveries<Events> {
  readonly #deps: DeliveriesDeps<Events>;
  #processor: Processor<Delivery<Events>> | undefined;

  constructor(deps: DeliveriesDeps<Events>) {
    this.#deps = deps;
  }

  /** Nothing new may be taken before what was taken is done. */
  get paused(): boolean {
    return this.#processor?.paused ?? false;
  }

  /** Where the application stands, given how far things were taken. */
  placeOf(taken: ResumePoint | undefined): ResumePoint | undefined {
    return this.#processor === undefined || this.#processor.idle ? taken : this.#processor.committed;
  }

  /** Takes a publication; false where there is no room. */
  publication(publication: Publication, move: Move): boolean {
    return this.#take({ type: 'publication', publication: typed<Events>(publication) }, move);
  }

  /** Takes a change of the history; false where there is no room. */
  change(change: HistoryChange, move: Move): boolean {
    return this.#take({ type: 'change', change }, move);
  }

  /** Hands everything to `handler` from now on; resolves when that ends. */
  process(handler: ProcessHandler<Events>, options: ProcessOptions): Promise<Result<void, Failure>> {
    if (this.#processor?.active === true) {
      const failure = localFailure('already_processing', 'the channel has a handler that works', 'never');
      return Promise.resolve(err(failure));
    }
    const { rewind, room, stop } = this.#deps;
    const processor = new Processor<Delivery<Events>>({
      bounds: { ...PROCESS_BOUNDS, ...options },
      handle: handler,
      committed: delivery => this.#tell(delivery),
      drained: () => {
        if (processor.committed !== undefined) rewind(processor.committed);
        room();
      },
      failed: failure => {
        if (processor.committed !== undefined) rewind(processor.committed);
        stop(failure);
      },
    });
    this.#processor = processor;
    return processor.ended;
  }

  /** The membership has ended: what waits is dropped, and comes again after the next join. */
  release(outcome: Result<void, Failure>): void {
    this.#processor?.release(outcome);
  }

  #take(delivery: Delivery<Events>, move: Move): boolean {
    if (this.#processor !== undefined)
      return this.#processor.take({ delivery, ...move, bytes: bytesOf(delivery) });
    this.#tell(delivery);
    return true;
  }

  #tell(delivery: Delivery<Events>): void {
    const { emitter } = this.#deps;
    if (delivery.type === 'publication') emitter.emit('publication', delivery.publication);
    else emitter.emit(delivery.change.outcome, delivery.change as never);
  }
}

/** What an item keeps of the memory, roughly: its data as JSON. */
function bytesOf<Events>(delivery: Delivery<Events>): Bytes {
  return delivery.type === 'change' ? CHANGE_BYTES : utf8Length(JSON.stringify(delivery.publication));
}

/** The one place where a publication gets the type that the application claims for it; schemas in the gateway make it true. */
export function typed<Events>(publication: Publication): PublicationOf<Events> {
  return publication as unknown as PublicationOf<Events>;
}
