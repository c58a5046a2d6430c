import type { Bytes } from '@kittiwake/base';
import type { Frame, SendVerdict } from './peer-handler.ts';
import { PendingFrames } from './pending-frames.ts';

/** Bounds of what waits for one peer. */
export type OutboxLimits = { readonly outboxBytesMax: Bytes; readonly outboxFramesMax: number };

/**
 * What waits for one peer, in bytes and frames, and the verdict on one more frame (rule T6). Pure bookkeeping: it writes
 * nothing. While the socket is `blocked` frames pile up here, not in the socket, and are written together when it drains.
 */
export class Outbox {
  readonly #limits: OutboxLimits;
  #pending: PendingFrames | undefined;
  #framesInSocket = 0;
  #blocked = false;

  constructor(limits: OutboxLimits) {
    this.#limits = limits;
  }

  /** Takes one more frame, or says `overflow`. `shared` is the empty list of this tick; `inSocket` the socket's own queue. */
  push(frame: Frame, shared: PendingFrames, inSocket: Bytes): Exclude<SendVerdict, 'closed'> {
    // A blocked peer begins a list of its own: a shared one would keep alive what other peers got in this tick.
    const before = this.#pending ?? (this.#blocked ? PendingFrames.empty() : shared);
    const frames = before.frames + 1 + this.#framesInSocket;
    const bytes = before.bytes + frame.payload.length + inSocket;
    // A frame may be larger than the whole bound (a long history): alone it passes, else it never could.
    const alone = frames === 1 && inSocket === 0;
    if (!alone && (frames > this.#limits.outboxFramesMax || bytes > this.#limits.outboxBytesMax))
      return 'overflow';
    this.#pending = before.with(frame);
    return this.#blocked ? 'buffered' : 'sent';
  }

  /** Hands over everything that waits, to be written at once; `undefined` where nothing does. */
  take(): PendingFrames | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }

  /** The socket did not take all of `frames` yet: from here on frames are `buffered`. */
  block(frames: number): void {
    this.#blocked = true;
    this.#framesInSocket += frames;
  }

  /** The socket took everything. */
  unblock(): void {
    this.#blocked = false;
    this.#framesInSocket = 0;
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  /** Bytes that wait here, besides those in the socket. */
  get bytes(): Bytes {
    return this.#pending?.bytes ?? 0;
  }
}
