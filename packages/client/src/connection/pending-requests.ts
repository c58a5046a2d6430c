import { type Clock, err, type Millis, ok, type Result, type Timer } from '@kittiwake/base';
import type { Ref, ServerMessage } from '@kittiwake/protocol';
import { type Failure, failureOf, localFailure } from '../failure.ts';

/** Takes the one answer, or why there is none. */
export type Settle = (answer: Result<ServerMessage, Failure>) => void;

/** What pending requests need. */
export type PendingRequestsDeps = {
  readonly clock: Clock;
  readonly nextRef: () => Ref;
  /** More than this are refused with `queue_full` (SPEC K13). */
  readonly requestsMax: number;
};

/** Requests that wait for their answer: each is settled once, by the answer, its timeout, or the end of the connection. */
export class PendingRequests {
  readonly #deps: PendingRequestsDeps;
  readonly #pending = new Map<Ref, { readonly settle: Settle; readonly timer: Timer }>();
  /** Those of them that were asked on the connection before a move. */
  readonly #former = new Set<Ref>();

  constructor(deps: PendingRequestsDeps) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** How many wait for an answer on the connection before the move. */
  get former(): number {
    return this.#former.size;
  }

  /** What waits now was asked on a connection that is being left. */
  moved(): void {
    for (const ref of this.#pending.keys()) this.#former.add(ref);
  }

  /** Opens a request, and gives its ref; `undefined`, and settled already, where too many are open. */
  open(timeoutMs: Millis, settle: Settle): Ref | undefined {
    if (this.#pending.size >= this.#deps.requestsMax) {
      settle(
        err(
          localFailure(
            'queue_full',
            `${this.#deps.requestsMax} requests wait for an answer already`,
            'backoff',
          ),
        ),
      );
      return undefined;
    }
    const ref = this.#deps.nextRef();
    const timer = this.#deps.clock.after(timeoutMs, () => {
      this.#settle(ref, err(localFailure('timeout', `no answer within ${timeoutMs} ms`, 'backoff')));
    });
    this.#pending.set(ref, { settle, timer });
    return ref;
  }

  /** Takes an answer; false where nobody waits for it, so that it is to be counted and dropped (SPEC K7). */
  answer(ref: Ref, message: ServerMessage): boolean {
    return this.#settle(ref, message.type === 'error' ? err(failureOf(message)) : ok(message));
  }

  /** Forgets a request without settling it: whoever opened it no longer cares. */
  forget(ref: Ref): void {
    this.#pending.get(ref)?.timer.cancel();
    this.#pending.delete(ref);
    this.#former.delete(ref);
  }

  /** Settles everything that waits with `failure`. */
  failAll(failure: Failure): void {
    for (const ref of [...this.#pending.keys()]) this.#settle(ref, err(failure));
  }

  /** Settles with `failure` what waits for an answer on the connection before the move. */
  failFormer(failure: Failure): void {
    for (const ref of [...this.#former]) this.#settle(ref, err(failure));
  }

  #settle(ref: Ref, answer: Result<ServerMessage, Failure>): boolean {
    const pending = this.#pending.get(ref);
    if (pending === undefined) return false;
    this.forget(ref);
    pending.settle(answer);
    return true;
  }
}
