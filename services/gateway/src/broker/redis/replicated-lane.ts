import { type Clock, err, ok, type Result } from '@kittiwake/base';
import type { BrokerFailure } from '../broker.ts';
import { unavailable, unknownOutcome } from './failure-of.ts';
import type { Lane } from './lane.ts';
import { REDIS_TIMING } from './redis-timing.ts';
import { type Hidden, reveal } from './reveal-script.ts';

/** What was written, and what must be shown before it is acknowledged. */
export type Written<T> = { readonly value: T; readonly hidden?: Hidden | undefined };

/** One that waits for its group. */
type Waiting = {
  readonly deadlineMs: number;
  write(lane: Lane): Promise<Result<Pending, BrokerFailure>>;
  fail(failure: BrokerFailure): void;
};

/** One that was written, and waits for a replica. */
type Pending = { readonly hidden: Hidden | undefined; confirm(): void };
type HiddenPublish = Pick<Waiting, 'fail'> & Pending & { readonly hidden: Hidden };

const WAITING_MAX = 10_000;
const BATCH_MAX = 1_000;

/**
 * Acknowledges only what a replica holds. WAIT blocks its connection, so these publishes have one of their own, and are
 * committed in groups: all that came up while the group before was waiting go out together, and one WAIT covers them
 * (ADR-0014). WAIT is sent after their answers, not with them: a script that Redis had forgotten is sent a second time,
 * which would come after the WAIT. What is hidden until then is shown afterwards, once for each channel of a group.
 */
export class ReplicatedLane {
  readonly #lane: Lane;
  readonly #clock: Clock;
  readonly #waiting: Waiting[] = [];
  #committing = false;

  constructor(lane: Lane, clock: Clock) {
    this.#lane = lane;
    this.#clock = clock;
  }

  /** Resolves with what `send` gave once a replica holds it and it is shown; `unknown_outcome` where neither is known in time. */
  publish<T>(
    send: (lane: Lane) => Promise<Result<Written<T>, BrokerFailure>>,
  ): Promise<Result<T, BrokerFailure>> {
    if (this.#waiting.length >= WAITING_MAX)
      return Promise.resolve(err(unavailable('too many publishes wait for replication')));
    return new Promise(resolve => {
      this.#waiting.push({
        deadlineMs: this.#clock.monotonicMs() + REDIS_TIMING.commandMs,
        fail: failure => resolve(err(failure)),
        async write(lane) {
          const sent = await send(lane);
          if (!sent.ok) return sent;
          const { value, hidden } = sent.value;
          return ok({ hidden, confirm: () => resolve(ok(value)) });
        },
      });
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

  async #commit(batch: readonly Waiting[]): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    const due = batch.filter(one => nowMs < one.deadlineMs);
    for (const late of batch.filter(one => nowMs >= one.deadlineMs))
      late.fail(unavailable('it waited too long for publishes before it'));
    const generation = this.#lane.link?.generation;
    const written = await Promise.all(due.map(async one => ({ one, result: await one.write(this.#lane) })));
    const isHeld = written.some(({ result }) => result.ok) && (await this.#wait(generation));
    const hidden: HiddenPublish[] = [];
    for (const { one, result } of written) {
      if (!result.ok) one.fail(result.error);
      else if (!isHeld) one.fail(unknownOutcome('no replica confirmed it in time'));
      else if (result.value.hidden === undefined) result.value.confirm();
      else hidden.push({ ...one, ...result.value, hidden: result.value.hidden });
    }
    // Nobody waits here: the next group may follow on the same connection, behind what is shown.
    for (const group of Map.groupBy(
      hidden,
      ({ hidden: { channel, upTo } }) => `${upTo.epoch} ${channel}`,
    ).values())
      void this.#show(group, generation);
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

  /** Shows a channel as far as a group got in one epoch of it, and confirms the group. */
  async #show(group: readonly HiddenPublish[], generation: number | undefined): Promise<void> {
    const [first] = group;
    if (first === undefined || generation === undefined) return;
    const { channel, upTo } = first.hidden;
    const offset = Math.max(...group.map(one => one.hidden.upTo.offset));
    const isShown = await reveal(this.#lane, { channel, upTo: { ...upTo, offset } }, generation);
    for (const one of group) {
      if (isShown) one.confirm();
      else one.fail(unknownOutcome('a replica holds it, and it may not be shown yet'));
    }
  }
}
