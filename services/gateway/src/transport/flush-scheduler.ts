import { PendingFrames } from './pending-frames.ts';

/** A peer that has something to write. */
export type Flushable = { flush(): void };

/** Runs `callback` when the current turn of the event loop has handled its input; `setImmediate` outside of tests. */
export type Defer = (callback: () => void) => void;

/** Peers written in one turn of the event loop; about 2 ms. Input is looked at between slices (rule T5). */
const PEERS_PER_SLICE = 256;

/**
 * Writes what peers were sent once per tick and peer: a peer asks once, and is flushed after all input of the turn was
 * handled. Latency is the rest of the tick and nothing more; nothing is held back to make batches larger.
 */
export class FlushScheduler {
  readonly #defer: Defer;
  readonly #afterSlice: () => void;
  #shared = PendingFrames.empty();
  readonly #waiting: Flushable[] = [];
  #scheduled = false;

  /** `afterSlice` is called when peers were written, for what is counted once for all of them. */
  constructor(defer: Defer, afterSlice: () => void = () => {}) {
    this.#defer = defer;
    this.#afterSlice = afterSlice;
  }

  /** The empty list with which all lists of this tick begin. */
  get shared(): PendingFrames {
    return this.#shared;
  }

  /** Flushes `peer` at the end of this tick. A peer asks at most once until it is flushed. */
  schedule(peer: Flushable): void {
    this.#waiting.push(peer);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#defer(() => this.#runSlice());
  }

  #runSlice(): void {
    // Lists of later ticks begin anew, so that this tick's buffers are free once they are written.
    this.#shared = PendingFrames.empty();
    for (const peer of this.#waiting.splice(0, PEERS_PER_SLICE)) peer.flush();
    this.#afterSlice();
    this.#scheduled = this.#waiting.length > 0;
    if (this.#scheduled) this.#defer(() => this.#runSlice());
  }
}
