import { type Clock, err, type Millis } from '@kittiwake/base';
import type { ClientMessage, Codec, Ref, ServerMessage, WireData } from '@kittiwake/protocol';
import { localFailure } from '../failure.ts';
import { PendingRequests, type Settle } from './pending-requests.ts';

/** What a wire needs. */
export type WireDeps = {
  readonly clock: Clock;
  readonly codec: Codec;
  readonly nextRef: () => Ref;
  readonly requestsMax: number;
  readonly requestTimeoutMs: Millis;
  /** Sends in the current session; false where there is none. */
  readonly send: (data: WireData) => boolean;
};

const BROKEN = localFailure('disconnected', 'the connection broke before the answer came', 'backoff');

/** Asks the gateway and hands each answer to whoever asked. */
export class Wire {
  readonly #deps: WireDeps;
  readonly #pending: PendingRequests;

  constructor(deps: WireDeps) {
    this.#deps = deps;
    this.#pending = new PendingRequests(deps);
  }

  /** Questions that wait for their answer. */
  get pending(): number {
    return this.#pending.size;
  }

  /**
   * Sends the message that `build` makes for a ref. `settle` is called once: with the answer, or why there is none.
   * Returns the ref while the answer is awaited.
   */
  ask(
    build: (ref: Ref) => ClientMessage,
    settle: Settle,
    timeoutMs = this.#deps.requestTimeoutMs,
  ): Ref | undefined {
    const ref = this.#pending.open(timeoutMs, settle);
    if (ref === undefined) return undefined;
    const data = this.encode(build(ref));
    if (data !== undefined && this.#deps.send(data)) return ref;
    this.#pending.forget(ref);
    settle(
      err(
        data === undefined
          ? localFailure('not_serializable', 'the data cannot be written as JSON', 'never')
          : localFailure('disconnected', 'there is no connection', 'backoff'),
      ),
    );
    return undefined;
  }

  /** Sends without asking; false where it did not. */
  tell(message: ClientMessage): boolean {
    const data = this.encode(message);
    return data !== undefined && this.#deps.send(data);
  }

  /** The encoded message; `undefined` where its data cannot be written (a cycle, a BigInt). */
  encode(message: ClientMessage): WireData | undefined {
    try {
      return this.#deps.codec.encode(message);
    } catch {
      return undefined;
    }
  }

  /** Takes an answer; false where nobody waits for it. */
  answer(ref: Ref, message: ServerMessage): boolean {
    return this.#pending.answer(ref, message);
  }

  /** What is answered to this ref from now on is stale. */
  forget(ref: Ref): void {
    this.#pending.forget(ref);
  }

  /** Questions that wait for their answer on the connection before the move. */
  get former(): number {
    return this.#pending.former;
  }

  /** What is asked from now on is asked elsewhere. */
  moved(): void {
    this.#pending.moved();
  }

  /** The connection before the move is gone. */
  departed(): void {
    this.#pending.failFormer(BROKEN);
  }

  /** The connection is gone: nothing will be answered. */
  lost(): void {
    this.#pending.failAll(BROKEN);
  }
}
