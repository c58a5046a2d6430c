import type { Clock, Timer } from '@kittiwake/base';
import type { SimConnection } from './connection.ts';
import type { ReplicaLink } from './replica-link.ts';
import type { Request } from './request.ts';

/** What WAIT needs of the server. */
export type ReplicaWaitsParts = {
  readonly clock: Clock;
  links(): readonly ReplicaLink[];
  /** Goes on with the commands that came behind a WAIT. */
  resume(connection: SimConnection, requests: readonly Request[]): void;
};

/** A WAIT: how many replicas, and what they must hold. */
export type Wanted = { readonly replicas: number; readonly index: number; readonly timeoutMs: number };

type Waiting = Wanted & {
  readonly connection: SimConnection;
  readonly request: Request;
  timer: Timer | undefined;
};

/** Connections that WAIT for replicas. They take no other command meanwhile. */
export class ReplicaWaits {
  readonly #parts: ReplicaWaitsParts;
  readonly #waiting = new Set<Waiting>();

  constructor(parts: ReplicaWaitsParts) {
    this.#parts = parts;
  }

  /** Gives how many replicas hold it; `undefined` where the connection must wait to be told. */
  wait(connection: SimConnection, request: Request, wanted: Wanted): number | undefined {
    const held = this.#holders(wanted.index);
    if (held >= wanted.replicas) return held;
    const waiting: Waiting = { ...wanted, connection, request, timer: undefined };
    waiting.timer = this.#parts.clock.after(wanted.timeoutMs, () => this.#end(waiting));
    connection.blocked = [];
    this.#waiting.add(waiting);
    for (const link of this.#parts.links()) if (link.isOnline) link.requestAck(() => this.#acknowledged());
    return undefined;
  }

  /** The client is gone, and its WAIT with it. */
  forget(connection: SimConnection): void {
    for (const waiting of this.#waiting) {
      if (waiting.connection !== connection) continue;
      waiting.timer?.cancel();
      this.#waiting.delete(waiting);
    }
    connection.blocked = undefined;
  }

  #acknowledged(): void {
    for (const waiting of this.#waiting)
      if (this.#holders(waiting.index) >= waiting.replicas) this.#end(waiting);
  }

  #holders(index: number): number {
    let held = 0;
    for (const link of this.#parts.links()) if (link.isOnline && link.ackedIndex >= index) held += 1;
    return held;
  }

  #end(waiting: Waiting): void {
    const { connection, request } = waiting;
    waiting.timer?.cancel();
    this.#waiting.delete(waiting);
    request.reply = this.#holders(waiting.index);
    connection.answer(request);
    const behind = connection.blocked ?? [];
    connection.blocked = undefined;
    this.#parts.resume(connection, behind);
  }
}
