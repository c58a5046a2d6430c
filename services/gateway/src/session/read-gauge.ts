import type { Bytes, Clock, Millis, Timer } from '@kittiwake/base';
import type { Ref } from '@kittiwake/protocol';

/** What watching how one peer reads needs. */
export type ReadGaugeDeps = {
  readonly clock: Clock;
  /** The most that may be on its way before the peer has shown that it reads; twice as much in one go. */
  readonly windowBytesMax: Bytes;
  /** Asks the peer for a `pong`, which comes once all that was sent before was read (SPEC S8); gives its `ref`. */
  readonly ping: () => Ref;
  /** How long that may take. */
  readonly timeoutMs: Millis;
  /** It took longer. */
  readonly onSlow: () => void;
};

/** What may be on its way to a peer before it has shown that it reads, as parts of the largest window. */
const PARTS = { first: 1 / 4, least: 1 / 64, burst: 2 };
const BURST_MS: Millis = 50;
const QUICK_MS: Millis = 250;
const SLOW_MS: Millis = 1_000;

/** The window that follows one of which half took so long to be read: who reads quickly may have more on its way. */
export function nextWindow(windowBytes: Bytes, tookMs: Millis, windowBytesMax: Bytes): Bytes {
  if (tookMs < QUICK_MS) return Math.min(windowBytesMax, windowBytes * 2);
  if (tookMs > SLOW_MS) return Math.max(windowBytesMax * PARTS.least, windowBytes / 2);
  return windowBytes;
}

/**
 * Knows how far a peer is behind with reading, whatever the buffers between here and there hold, which may be megabytes and
 * minutes. Half a window is sent, then a ping, and by its pong the rest of the window may be on its way (SPEC C13). What
 * comes in one go says nothing about a peer that is not known to be slow: it is there before anybody could have answered.
 */
export class ReadGauge {
  readonly #deps: ReadGaugeDeps;
  #windowBytes: Bytes;
  #unreadBytes: Bytes = 0;
  #asked:
    | { readonly ref: Ref; readonly atMs: Millis; sentSince: Bytes; readonly deadline: Timer }
    | undefined;
  #waiting: (() => void)[] = [];
  #isOver = false;

  constructor(deps: ReadGaugeDeps) {
    this.#deps = deps;
    this.#windowBytes = deps.windowBytesMax * PARTS.first;
  }

  /** More is on its way than the peer reads in a while. */
  get isBehind(): boolean {
    if (this.#asked === undefined || this.#unreadBytes <= this.#windowBytes) return false;
    const { clock, windowBytesMax } = this.#deps;
    const isKnownToBeSlow = this.#windowBytes < windowBytesMax * PARTS.first;
    const isBurst = !isKnownToBeSlow && clock.monotonicMs() - this.#asked.atMs < BURST_MS;
    return !isBurst || this.#unreadBytes > windowBytesMax * PARTS.burst;
  }

  /** So many bytes more are on their way. */
  sent(bytes: Bytes): void {
    this.#unreadBytes += bytes;
    if (this.#asked === undefined) this.#askWhereDue();
    else this.#asked.sentSince += bytes;
  }

  /** Calls `work` once the peer is not behind any more. */
  whenRead(work: () => void): void {
    this.#waiting.push(work);
  }

  /** Takes a pong; one that was not asked for here changes nothing. */
  ponged(ref: Ref): void {
    const asked = this.#asked;
    if (asked === undefined || asked.ref !== ref) return;
    const { clock, windowBytesMax } = this.#deps;
    asked.deadline.cancel();
    this.#asked = undefined;
    this.#unreadBytes = asked.sentSince;
    this.#windowBytes = nextWindow(this.#windowBytes, clock.monotonicMs() - asked.atMs, windowBytesMax);
    this.#askWhereDue();
    // Of a slow peer the rest of the window is waited for as well, though it counts as a burst for a moment.
    if (this.#unreadBytes > this.#windowBytes) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const work of waiting) work();
  }

  /** The peer is gone: nothing is called any more. */
  stop(): void {
    this.#isOver = true;
    this.#asked?.deadline.cancel();
    this.#asked = undefined;
    this.#waiting = [];
  }

  #askWhereDue(): void {
    if (this.#unreadBytes < this.#windowBytes / 2) return;
    const { clock, ping, timeoutMs, onSlow } = this.#deps;
    const ref = ping();
    // A ping that does not fit its outbox ends the session.
    if (this.#isOver) return;
    const deadline = clock.after(timeoutMs, onSlow);
    this.#asked = { ref, atMs: clock.monotonicMs(), sentSince: 0, deadline };
  }
}
