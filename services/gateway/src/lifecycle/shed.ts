import { err, ok, type Result } from '@kittiwake/base';
import type { Logger } from '../telemetry/logger.ts';
import { Handover, type HandoverDeps, type MovableSession } from './handover.ts';
import { unhurriedPace } from './handover-plan.ts';

/** What a shed needs. */
export type ShedParts = HandoverDeps & {
  readonly log: Logger;
  /** Oldest first: who came here by a move of late is not moved again. */
  readonly sessions: () => readonly MovableSession[];
};

/** How many sessions are asked to move, and by when the last of them is gone. */
export type ShedStarted = { readonly sessions: number; readonly doneInMs: number };

/** Moves a part of a gateway's sessions to others, one shed at a time, while the gateway goes on serving (rule D9). */
export class Shed {
  readonly #parts: ShedParts;
  #handover: Handover | undefined;

  constructor(parts: ShedParts) {
    this.#parts = parts;
  }

  /** Sessions that are still to be asked; `undefined` while nothing is shed. */
  get left(): number | undefined {
    return this.#handover?.left;
  }

  /** Asks up to `count` sessions to move, `perSecond` of them in a second; `busy` while an earlier shed is under way. */
  start(count: number, perSecond: number): Result<ShedStarted, 'busy'> {
    if (this.#handover !== undefined) return err('busy');
    const sessions = this.#parts.sessions().slice(0, count);
    const pace = unhurriedPace(sessions.length, perSecond);
    const handover = new Handover(this.#parts, 'rebalance');
    this.#handover = handover;
    this.#parts.log.info('shed.started', { sessions: sessions.length, perSecond });
    void handover.run(sessions, pace).then(() => {
      this.#handover = undefined;
      this.#parts.log.info('shed.finished', { sessions: sessions.length, closed: handover.closed });
    });
    return ok({ sessions: sessions.length, doneInMs: pace.windowMs });
  }

  /** Asks nobody any more: the gateway drains, and asks everybody itself. */
  stop(): void {
    this.#handover?.cancel();
  }
}
