import { type Clock, delay, type Millis, type Random, type Timer } from '@kittiwake/base';
import type { GoawayReason } from '@kittiwake/protocol';
import type { Metrics } from '../metrics/metrics.ts';
import { type HandoverPace, planHandover } from './handover-plan.ts';

/** What a session is asked: to connect elsewhere `reconnectAfterMs` from now, with time until `closeAfterMs` for it. */
export type HandoverAsk = {
  readonly reconnectAfterMs: Millis;
  readonly closeAfterMs: Millis;
  readonly reason: GoawayReason;
};

/** A session as a hand-over sees it. Neither method throws. */
export type MovableSession = {
  /** Asks the client; `gone` is called once, as soon as its peer is gone, however that came. */
  goaway(ask: HandoverAsk, gone: () => void): void;
  /** Closes its peer with 4450. */
  close(): void;
};

/** What a hand-over needs. */
export type HandoverDeps = { readonly clock: Clock; readonly random: Random; readonly metrics: Metrics };

/** Hands some sessions over to other gateways (rules D2, D3): asks each at its moment, and closes those that stay. */
export class Handover {
  readonly #deps: HandoverDeps;
  readonly #reason: GoawayReason;
  readonly #ended = Promise.withResolvers<void>();
  /** Who was asked and is still here, and when that ends. */
  readonly #asked = new Map<MovableSession, Timer>();
  #left = 0;
  #closed = 0;

  constructor(deps: HandoverDeps, reason: GoawayReason) {
    this.#deps = deps;
    this.#reason = reason;
  }

  /** Sessions that are still to be asked. */
  get left(): number {
    return this.#left;
  }

  /** Sessions that did not go by themselves. */
  get closed(): number {
    return this.#closed;
  }

  /** Asks all of them, in their order, at the given pace. Resolves when each has gone or was closed. */
  async run(sessions: readonly MovableSession[], pace: HandoverPace): Promise<void> {
    const { clock, random } = this.#deps;
    this.#left = sessions.length;
    const startedAtMs = clock.monotonicMs();
    let next = 0;
    for (const { atMs, reconnectAfterMs } of planHandover(sessions.length, pace, random)) {
      const waitMs = startedAtMs + atMs - clock.monotonicMs();
      if (waitMs > 0) await Promise.race([delay(clock, waitMs), this.#ended.promise]);
      for (const afterMs of this.#left === 0 ? [] : reconnectAfterMs) {
        this.#ask(sessions[next], { reconnectAfterMs: afterMs, closeAfterMs: afterMs + pace.moveMs });
        next += 1;
      }
    }
    this.#endIfOver();
    await this.#ended.promise;
  }

  /** Asks nobody any more; who was asked goes on going. */
  cancel(): void {
    this.#left = 0;
    this.#endIfOver();
  }

  /** The same, and closes at once whoever was asked. */
  hurry(): void {
    for (const session of [...this.#asked.keys()]) this.#close(session);
    this.cancel();
  }

  #ask(session: MovableSession | undefined, ask: Omit<HandoverAsk, 'reason'>): void {
    if (session === undefined) return;
    this.#left -= 1;
    const timer = this.#deps.clock.after(ask.closeAfterMs, () => this.#close(session));
    this.#asked.set(session, timer);
    session.goaway({ ...ask, reason: this.#reason }, () => this.#gone(session, 'moved'));
  }

  #close(session: MovableSession): void {
    this.#gone(session, 'closed');
    session.close();
  }

  #gone(session: MovableSession, result: 'moved' | 'closed'): void {
    const timer = this.#asked.get(session);
    if (timer === undefined) return;
    timer.cancel();
    this.#asked.delete(session);
    if (result === 'closed') this.#closed += 1;
    this.#deps.metrics.count('kittiwake_handover_sessions_total', 1, { reason: this.#reason, result });
    this.#endIfOver();
  }

  #endIfOver(): void {
    if (this.#left === 0 && this.#asked.size === 0) this.#ended.resolve();
  }
}
