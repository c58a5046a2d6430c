import { type Clock, delay, type Millis, type Random } from '@kittiwake/base';
import type { Metrics } from '../metrics/metrics.ts';
import type { Logger } from '../telemetry/logger.ts';
import { Handover, type MovableSession } from './handover.ts';
import { paceOf } from './handover-plan.ts';
import type { HealthSource } from './readiness.ts';

/** What is drained. */
export type Drainable = {
  /** The sessions at this moment. */
  sessions(): readonly MovableSession[];
  /** No new connections from here on. */
  stopAccepting(): void;
};

/** How a gateway leaves. */
export type DrainSettings = {
  /** How long newcomers are still let in after readiness failed, for balancers that are slow to notice. */
  readonly acceptForMs: Millis;
  /** How long sessions are kept until somebody says that there are enough others to take them. */
  readonly holdMs: Millis;
  /** By then everybody is gone, counted from the end of the hold. */
  readonly windowMs: Millis;
  /** Of the window, what the last ones that are asked have for moving. */
  readonly moveMs: Millis;
  /** Sessions that are asked to move per second, unless the release says otherwise. */
  readonly clientsPerSecond: number;
};

/** What a drain needs. */
export type DrainParts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly settings: DrainSettings;
  readonly target: Drainable;
};

/** How often a gateway that is held looks whether anybody is left. */
const HOLD_LOOK_MS: Millis = 500;
const STATE = { serving: 0, held: 1, draining: 2, drained: 3 } as const;

/** Where a gateway stands between serving and gone. */
export type DrainPhase = keyof typeof STATE;

/**
 * Hands a gateway's sessions over to others, once. A `held` gateway is not ready any more and keeps its sessions until it
 * is released: in a rollout, until there are enough gateways of the new version, so that each client moves once (rule D8).
 */
export class Drain implements HealthSource {
  readonly name = 'drain';
  readonly #parts: DrainParts;
  readonly #handover: Handover;
  readonly #released = Promise.withResolvers<void>();
  readonly #hurried = Promise.withResolvers<void>();
  #phase: DrainPhase = 'serving';
  #running: Promise<void> | undefined;
  #isHurried = false;
  #clientsPerSecond: number;

  constructor(parts: DrainParts) {
    this.#parts = parts;
    this.#handover = new Handover(parts, 'drain');
    this.#clientsPerSecond = parts.settings.clientsPerSecond;
  }

  get phase(): DrainPhase {
    return this.#phase;
  }

  /** Readiness fails from the first moment (rule D1). */
  check(): string | undefined {
    return this.#phase === 'serving' ? undefined : this.#phase;
  }

  /** Drains; resolves when no session is left (rules D2, D4). Idempotent. */
  start(): Promise<void> {
    this.#running ??= this.#run();
    return this.#running;
  }

  /** There are others to take the sessions, so many in a second: drains, and ends a hold. Later calls change nothing. */
  release(clientsPerSecond: number): Promise<void> {
    if (this.#phase === 'serving' || this.#phase === 'held') this.#clientsPerSecond = clientsPerSecond;
    this.#released.resolve();
    return this.start();
  }

  /** Closes everybody at once: a second signal. */
  now(): Promise<void> {
    this.#isHurried = true;
    this.#hurried.resolve();
    this.#handover.hurry();
    return this.start();
  }

  async #run(): Promise<void> {
    const { clock, metrics, log, settings, target } = this.#parts;
    const startedAtMs = clock.monotonicMs();
    this.#enter('held');
    log.info('drain.started');
    await this.#pause(settings.acceptForMs);
    target.stopAccepting();
    await this.#hold(settings.holdMs);
    this.#enter('draining');
    const sessions = target.sessions();
    log.info('drain.handover', { sessions: sessions.length, perSecond: this.#clientsPerSecond });
    const pace = paceOf(settings, this.#clientsPerSecond);
    if (!this.#isHurried) await this.#handover.run(sessions, pace);
    // Those whose `connect` was still on its way, and in a hurry everybody.
    for (const session of target.sessions()) session.close();
    this.#enter('drained');
    const tookMs = clock.monotonicMs() - startedAtMs;
    metrics.observe('kittiwake_drain_duration_seconds', tookMs / 1_000);
    log.info('drain.finished', { sessions: sessions.length, closed: this.#handover.closed, tookMs });
  }

  /** Keeps the sessions until somebody releases them, or is in a hurry, or none is left. */
  async #hold(ms: Millis): Promise<void> {
    const { clock, target } = this.#parts;
    const endsAtMs = clock.monotonicMs() + ms;
    const isOver = this.#released.promise.then(() => true);
    for (
      let leftMs = ms;
      leftMs > 0 && target.sessions().length > 0;
      leftMs = endsAtMs - clock.monotonicMs()
    ) {
      const waited = this.#pause(Math.min(leftMs, HOLD_LOOK_MS)).then(() => this.#isHurried);
      if (await Promise.race([waited, isOver])) return;
    }
  }

  /** Waits, unless somebody is in a hurry. */
  async #pause(ms: Millis): Promise<void> {
    if (ms <= 0 || this.#isHurried) return;
    await Promise.race([delay(this.#parts.clock, ms), this.#hurried.promise]);
  }

  #enter(phase: DrainPhase): void {
    this.#phase = phase;
    this.#parts.metrics.set('kittiwake_drain_state', STATE[phase]);
  }
}
