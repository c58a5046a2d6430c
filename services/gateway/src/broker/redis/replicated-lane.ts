import { type Clock, err, type Result } from '@kittiwake/base';
import type { BrokerFailure } from '../broker.ts';
import { unavailable, unknownOutcome } from './failure-of.ts';
import type { Lane } from './lane.ts';
import { REDIS_TIMING } from './redis-timing.ts';

type Waiting<T> = {
  readonly send: (lane: Lane) => Promise<Result<T, BrokerFailure>>;
  readonly resolve: (result: Result<T, BrokerFailure>) => void;
  readonly deadlineMs: number;
};

const WAITING_MAX = 10_000;
const BATCH_MAX = 1_000;

/**
 * Acknowledges only what a replica holds. WAIT blocks its connection, so these publishes have one of their own, and are
 * committed in groups: all that came up while the group before was waiting go out together, and one WAIT covers them
 * (ADR-0014). WAIT is sent after their answers, not with them: a script that Redis had forgotten is sent a second time,
 * which would come after the WAIT.
 */
export class ReplicatedLane<T> {
  readonly #lane: Lane;
  readonly #clock: Clock;
  readonly #waiting: Waiting<T>[] = [];
  #committing = false;

  constructor(lane: Lane, clock: Clock) {
    this.#lane = lane;
    this.#clock = clock;
  }

  /** Resolves with what `send` gave once a replica holds it; `unknown_outcome` where none confirmed in time. */
  publish(send: Waiting<T>['send']): Promise<Result<T, BrokerFailure>> {
    if (this.#waiting.length >= WAITING_MAX)
      return Promise.resolve(err(unavailable('too many publishes wait for replication')));
    return new Promise(resolve => {
      const deadlineMs = this.#clock.monotonicMs() + REDIS_TIMING.commandMs;
      this.#waiting.push({ send, resolve, deadlineMs });
      if (!this.#committing) void this.#commitAll();
    });
  }

  async #commitAll(): Promise<void> {
    this.#committing = true;
    // The publishes of this turn of the event loop belong to one group.
    await new Promise<void>(resolve => this.#clock.turn(resolve));
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, BATCH_MAX));
    this.#committing = false;
  }

  async #commit(batch: readonly Waiting<T>[]): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    const due = batch.filter(one => nowMs < one.deadlineMs);
    for (const late of batch.filter(one => nowMs >= one.deadlineMs))
      late.resolve(err(unavailable('it waited too long for publishes before it')));
    const generation = this.#lane.link?.generation;
    const sent = await Promise.all(due.map(one => one.send(this.#lane)));
    const replicated = sent.some(result => result.ok) && (await this.#wait(generation));
    for (const [index, one] of due.entries()) {
      const result = sent[index];
      if (result === undefined || (result.ok && !replicated))
        one.resolve(err(unknownOutcome('no replica confirmed it in time')));
      else one.resolve(result);
    }
  }

  /** Whether a replica holds everything that was written on the connection of `generation`. */
  async #wait(generation: number | undefined): Promise<boolean> {
    // On another connection WAIT has nothing to wait for, and would say yes.
    if (generation === undefined || this.#lane.link?.generation !== generation) return false;
    const waited = await this.#lane.call({ operation: 'wait', writes: false }, client =>
      client.wait(1, REDIS_TIMING.waitMs),
    );
    return waited.ok && waited.value >= 1 && this.#lane.link?.generation === generation;
  }
}
