import {
  assertNever,
  background,
  type Clock,
  type FailureSink,
  type Result,
  type Timer,
} from '@kittiwake/base';
import {
  type ElectionEffect,
  type ElectionEvent,
  type ElectionRules,
  type ElectionState,
  INITIAL,
  type LeaseRecord,
} from './election-state.ts';
import { holds, transition } from './transition.ts';

/** Why a call to the Lease failed. `lost-race`: somebody else wrote first. */
export type LeaseFailure = { readonly kind: 'lost-race' | 'failed'; readonly message: string };

/** The Lease, as the elector needs it. */
export type LeaseStore = {
  /** `undefined` where there is none. */
  read(): Promise<Result<LeaseRecord | undefined, LeaseFailure>>;
  create(holder: string, durationMs: number): Promise<Result<LeaseRecord, LeaseFailure>>;
  /** Replaces `over`; fails with `lost-race` where that is not the stored version any more. */
  update(
    over: LeaseRecord,
    next: { readonly holder: string; readonly durationMs: number; readonly transitions: number },
  ): Promise<Result<LeaseRecord, LeaseFailure>>;
};

/** Told when this replica begins and ceases to lead. */
export type LeadershipHandler = { won(): void; lost(reason: string): void; failed(message: string): void };

/** What the elector is made of. */
export type ElectorParts = {
  readonly clock: Clock;
  readonly leases: LeaseStore;
  readonly rules: ElectionRules & { readonly retryPeriodMs: number };
  readonly handler: LeadershipHandler;
  readonly onFailure: FailureSink;
};

/** Runs the election of one replica: a tick every retry period, one request at a time. */
export class Elector {
  readonly #parts: ElectorParts;
  #state: ElectionState = INITIAL;
  #timer: Timer | undefined;
  #deadline: Timer | undefined;
  #busy: Promise<void> = Promise.resolve();
  #isBusy = false;

  constructor(parts: ElectorParts) {
    this.#parts = parts;
  }

  /** [R3] Whether this replica may act now, by its own clock. */
  holds(): boolean {
    return holds(this.#state, this.#parts.clock.monotonicMs(), this.#parts.rules);
  }

  /** Begins to take part; the first attempt is made at once. */
  start(): void {
    if (this.#timer === undefined) this.#tick();
  }

  /** [R4] Gives the Lease away where it is held, so that another replica need not wait for it to run out. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    await this.#busy;
    this.#busy = this.#run({ kind: 'stop' });
    await this.#busy;
    this.#deadline?.cancel();
  }

  #tick(): void {
    this.#timer = this.#parts.clock.after(this.#nextTickMs(), () => this.#tick());
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#busy = this.#run({ kind: 'tick' }).finally(() => {
      this.#isBusy = false;
    });
    background(this.#busy, 'election', this.#parts.onFailure);
  }

  /** A follower looks again exactly when the Lease that it watches runs out, if that comes before the next tick. */
  #nextTickMs(): number {
    const { clock, rules } = this.#parts;
    if (this.#state.phase !== 'following' || this.#state.seen === undefined) return rules.retryPeriodMs;
    const { record, sinceMs } = this.#state.seen;
    const leftMs = sinceMs + Math.max(record.durationMs, rules.durationMs) - clock.monotonicMs();
    return leftMs > 0 ? Math.min(rules.retryPeriodMs, Math.ceil(leftMs)) : rules.retryPeriodMs;
  }

  /** Feeds events until none is left; each request answers with at most one. */
  async #run(first: ElectionEvent): Promise<void> {
    const events: ElectionEvent[] = [first];
    for (let event = events.shift(); event !== undefined; event = events.shift()) {
      for (const effect of this.#apply(event)) {
        const answer = await this.#perform(effect);
        if (answer !== undefined) events.push(answer);
      }
    }
  }

  #apply(event: ElectionEvent): readonly ElectionEffect[] {
    const { clock, rules } = this.#parts;
    const step = transition(this.#state, event, { nowMs: clock.monotonicMs(), rules });
    this.#state = step.state;
    this.#armDeadline();
    return step.effects;
  }

  /** A request may hang past the deadline: leadership ends on time all the same, without waiting for its answer. */
  #armDeadline(): void {
    this.#deadline?.cancel();
    if (this.#state.phase !== 'leading') return;
    const { clock, rules, handler } = this.#parts;
    const leftMs = this.#state.renewedAtMs + rules.renewDeadlineMs - clock.monotonicMs();
    this.#deadline = clock.after(Math.max(0, Math.ceil(leftMs)), () => {
      if (this.#state.phase !== 'leading' || this.holds()) return;
      this.#state = INITIAL;
      handler.lost('deadline');
    });
  }

  async #perform(effect: ElectionEffect): Promise<ElectionEvent | undefined> {
    const { leases, rules, handler, clock } = this.#parts;
    const beganAtMs = clock.monotonicMs();
    switch (effect.kind) {
      case 'read': {
        const read = await leases.read();
        return read.ok ? { kind: 'read', record: read.value, beganAtMs } : this.#failure(read.error);
      }
      case 'create':
        return this.#written(await leases.create(rules.identity, rules.durationMs), beganAtMs);
      case 'update': {
        const next = {
          holder: rules.identity,
          durationMs: rules.durationMs,
          transitions: effect.transitions,
        };
        return this.#written(await leases.update(effect.over, next), beganAtMs);
      }
      case 'release': {
        const next = { holder: '', durationMs: 1_000, transitions: effect.over.transitions };
        return this.#written(await leases.update(effect.over, next), beganAtMs);
      }
      case 'won':
        handler.won();
        return undefined;
      case 'lost':
        handler.lost(effect.reason);
        return undefined;
      default:
        return assertNever(effect);
    }
  }

  #written(result: Result<LeaseRecord, LeaseFailure>, beganAtMs: number): ElectionEvent {
    return result.ok ? { kind: 'wrote', record: result.value, beganAtMs } : this.#failure(result.error);
  }

  #failure(failure: LeaseFailure): ElectionEvent {
    if (failure.kind === 'failed') this.#parts.handler.failed(failure.message);
    return { kind: failure.kind };
  }
}
