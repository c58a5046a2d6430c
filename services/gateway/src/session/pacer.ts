import type { Clock, Millis, Timer } from '@kittiwake/base';
import type { Ref } from '@kittiwake/protocol';

/** What pacing one peer needs. */
export type PacerDeps = {
  readonly clock: Clock;
  /** Bytes that may be on their way before the peer has shown that it reads. */
  readonly windowBytes: number;
  /** How long the peer may take to read them. */
  readonly timeoutMs: Millis;
  /** Asks the peer for a `pong`, which comes once all that was sent before was read (SPEC S8); gives its `ref`. */
  readonly ping: () => Ref;
  /** The pong did not come in time. */
  readonly onSlow: () => void;
};

/**
 * Holds what a peer is owed to the speed at which it reads, so that a long history kills no client that reads: a window
 * of bytes, then a `ping`, and the next window after its `pong` (SPEC X3). One for all channels of a session.
 */
export class Pacer {
  readonly #deps: PacerDeps;
  #roomBytes: number;
  #waiting: (() => void)[] = [];
  #deadline: Timer | undefined;
  #ref: Ref = 0;

  constructor(deps: PacerDeps) {
    this.#deps = deps;
    this.#roomBytes = deps.windowBytes;
  }

  get hasRoom(): boolean {
    return this.#roomBytes > 0;
  }

  /** That many bytes more are on their way. */
  spend(bytes: number): void {
    this.#roomBytes -= bytes;
  }

  /** Calls `work` once the peer has read what it was sent. */
  whenRoom(work: () => void): void {
    this.#waiting.push(work);
    if (this.#deadline !== undefined) return;
    this.#deadline = this.#deps.clock.after(this.#deps.timeoutMs, this.#deps.onSlow);
    this.#ref = this.#deps.ping();
  }

  /** Takes a pong; one that was not asked for changes nothing. */
  ponged(ref: Ref): void {
    if (this.#deadline === undefined || ref !== this.#ref) return;
    this.#deadline.cancel();
    this.#deadline = undefined;
    this.#roomBytes = this.#deps.windowBytes;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const work of waiting) work();
  }

  /** The peer is gone: nothing is called any more. */
  stop(): void {
    this.#deadline?.cancel();
    this.#deadline = undefined;
    this.#waiting = [];
  }
}
