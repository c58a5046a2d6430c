import {
  type BackoffBounds,
  type Clock,
  fullJitter,
  type Millis,
  type Random,
  type Timer,
} from '@kittiwake/base';
import type { Codec, Connect, WireData } from '@kittiwake/protocol';
import { LiveSocket } from '../transport/live-socket.ts';
import type { DialRequest, Transport } from '../transport/transport.ts';
import type { Link } from './connection-state.ts';
import { linkOf } from './link.ts';
import { delayOf, type TurnedAway, turnedAway } from './turned-away.ts';

/** What a move needs. */
export type MoveDeps = {
  readonly transport: Transport;
  readonly request: DialRequest;
  readonly codec: Codec;
  readonly clock: Clock;
  readonly random: Random;
  /** From the dial to an open socket, and as long again to `connected`. */
  readonly connectTimeoutMs: Millis;
  /** The `connect` to say hello with, made anew for each attempt. */
  readonly hello: () => Connect;
  /** Another gateway took the session in. */
  readonly moved: (socket: LiveSocket, link: Link) => void;
};

/** Between two attempts. The connection still stands: an attempt that failed has cost nobody anything. */
const BACKOFF: BackoffBounds = { baseMs: 250, capMs: 2_000 };

/**
 * Makes the next connection of a session while the one before still stands (SPEC K18). It tries until it has one, or is
 * called off because the connection before it has ended.
 */
export class Move {
  readonly #deps: MoveDeps;
  #socket: LiveSocket | undefined;
  #timer: Timer | undefined;
  #hello: Connect | undefined;
  #failures = 0;

  constructor(deps: MoveDeps) {
    this.#deps = deps;
  }

  /** Begins in `afterMs`; a move that was planned or under way is given up for it. */
  begin(afterMs: Millis): void {
    this.cancel();
    this.#failures = 0;
    this.#wait(afterMs, () => this.#dial());
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#socket?.abandon(1000, 'normal');
    this.#socket = undefined;
  }

  #dial(): void {
    const socket = new LiveSocket(this.#deps.transport);
    this.#socket = socket;
    this.#wait(this.#deps.connectTimeoutMs, () => this.#failed());
    socket.dial(this.#deps.request, {
      opened: () => this.#opened(socket),
      received: data => this.#received(socket, data),
      closed: (_code, retryAfterMs) =>
        this.#failed(retryAfterMs === undefined ? undefined : turnedAway(retryAfterMs, 'retry-after')),
    });
  }

  #opened(socket: LiveSocket): void {
    const { codec, connectTimeoutMs, hello } = this.#deps;
    this.#wait(connectTimeoutMs, () => this.#failed());
    this.#hello = hello();
    socket.send(codec.encode(this.#hello));
  }

  #received(socket: LiveSocket, data: WireData): void {
    const decoded = this.#deps.codec.decodeServer(data);
    if (decoded.ok && decoded.value.type === 'goaway')
      this.#failed(turnedAway(decoded.value.reconnectAfterMs, 'goaway'));
    if (!decoded.ok || !('ref' in decoded.value) || decoded.value.ref !== this.#hello?.ref) return;
    if (decoded.value.type === 'connected') {
      this.#timer?.cancel();
      this.#socket = undefined;
      this.#deps.moved(socket, linkOf(decoded.value, this.#deps.clock.monotonicMs()));
    } else this.#failed();
  }

  /** Refused, broken or too slow: again, after a while, or when it was told to (SPEC K19). */
  #failed(told?: TurnedAway): void {
    this.cancel();
    const { random } = this.#deps;
    const delayMs = told === undefined ? fullJitter(BACKOFF, this.#failures, random) : delayOf(told, random);
    this.#failures += 1;
    this.#wait(delayMs, () => this.#dial());
  }

  #wait(delayMs: Millis, due: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#deps.clock.after(delayMs, due);
  }
}
