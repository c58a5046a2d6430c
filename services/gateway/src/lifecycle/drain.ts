import { type Clock, delay, type Millis, type Random } from '@kittiwake/base';
import type { Metrics } from '../metrics/metrics.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type DrainPace, planDrain } from './drain-plan.ts';
import type { HealthSource } from './readiness.ts';

/** A session as the drain sees it. Neither method throws; both do nothing on a session that is gone. */
export type DrainableSession = {
  /** Tells the client to leave, and when to come back. */
  goaway(reconnectAfterMs: Millis): void;
  /** Closes its peer with 4450. */
  close(): void;
};

/** What is drained. */
export type Drainable = {
  /** The sessions at this moment. */
  sessions(): Iterable<DrainableSession>;
  /** No new connections from here on. */
  stopAccepting(): void;
};

/** What a drain needs. */
export type DrainParts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly pace: DrainPace;
  readonly target: Drainable;
  /** How long newcomers are still let in after readiness failed, for balancers that are slow to notice. Default 0. */
  readonly acceptForMs?: Millis;
};

const STATE = { serving: 0, draining: 1, drained: 2 } as const;

/** Hands a gateway's sessions over to others, once. */
export class Drain implements HealthSource {
  readonly name = 'drain';
  readonly #parts: DrainParts;
  readonly #hurry = Promise.withResolvers<void>();
  #phase: keyof typeof STATE = 'serving';
  #running: Promise<void> | undefined;
  #hurried = false;

  constructor(parts: DrainParts) {
    this.#parts = parts;
  }

  get phase(): keyof typeof STATE {
    return this.#phase;
  }

  /** Readiness fails from the first moment (rule D1). */
  check(): string | undefined {
    return this.#phase === 'serving' ? undefined : this.#phase;
  }

  /** Drains; resolves when no session is left, or the window is over and the rest was closed (rules D2, D4). Idempotent. */
  start(): Promise<void> {
    this.#running ??= this.#run();
    return this.#running;
  }

  /** Closes everybody at once: a second signal. */
  now(): Promise<void> {
    this.#hurried = true;
    this.#hurry.resolve();
    return this.start();
  }

  async #run(): Promise<void> {
    const { clock, metrics, log, target } = this.#parts;
    const startedAtMs = clock.monotonicMs();
    this.#enter('draining');
    log.info('drain.started');
    await this.#pause(this.#parts.acceptForMs ?? 0);
    target.stopAccepting();
    const told = await this.#tellEverybody();
    for (const session of target.sessions()) session.close();
    this.#enter('drained');
    const tookMs = clock.monotonicMs() - startedAtMs;
    metrics.observe('kittiwake_drain_duration_seconds', tookMs / 1_000);
    log.info('drain.finished', { sessions: told, tookMs });
  }

  /** Sends each session its `goaway` at its moment and closes its peer after its delay; how many there were. */
  async #tellEverybody(): Promise<number> {
    const { clock, random, target } = this.#parts;
    const sessions = [...target.sessions()];
    const batches = planDrain(sessions.length, this.#parts.pace, random);
    const startedAtMs = clock.monotonicMs();
    let next = 0;
    let endsAtMs = 0;
    for (const batch of batches) {
      await this.#pause(startedAtMs + batch.atMs - clock.monotonicMs());
      if (this.#hurried) return next;
      for (const reconnectAfterMs of batch.reconnectAfterMs) {
        const session = sessions[next];
        next += 1;
        session?.goaway(reconnectAfterMs);
        clock.after(reconnectAfterMs, () => session?.close());
        endsAtMs = Math.max(endsAtMs, clock.monotonicMs() + reconnectAfterMs);
      }
    }
    await this.#pause(endsAtMs - clock.monotonicMs());
    return next;
  }

  /** Waits, unless somebody is in a hurry. */
  async #pause(ms: Millis): Promise<void> {
    if (ms <= 0 || this.#hurried) return;
    await Promise.race([delay(this.#parts.clock, ms), this.#hurry.promise]);
  }

  #enter(phase: keyof typeof STATE): void {
    this.#phase = phase;
    this.#parts.metrics.set('kittiwake_drain_state', STATE[phase]);
  }
}
