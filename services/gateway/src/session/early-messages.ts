import type { ClientMessage } from '@kittiwake/protocol';

/** What only a connected session may send. */
export type ConnectedOnlyMessage = Exclude<ClientMessage, { type: 'connect' | 'ping' | 'pong' }>;

/** Messages that one peer may have waiting while its token is being verified. */
const HELD_MAX = 64;

/** Holds what arrives between `connect` and `connected`, in order and within bounds (SPEC S2). */
export class EarlyMessages {
  #held: ConnectedOnlyMessage[] = [];

  /** Holds a message; false where as many wait already. */
  hold(message: ConnectedOnlyMessage): boolean {
    if (this.#held.length >= HELD_MAX) return false;
    this.#held.push(message);
    return true;
  }

  /** What was held, oldest first; afterwards nothing is. */
  take(): readonly ConnectedOnlyMessage[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }
}
