import { type Clock, every, type Millis, type Timer } from '@kittiwake/base';
import type { Metrics } from '../../metrics/metrics.ts';
import type { Lane } from './lane.ts';
import { REDIS_TIMING } from './redis-timing.ts';
import type { Subscriber } from './subscriber.ts';

/** What a canary flies between. */
export type CanaryDeps = {
  readonly commands: Lane;
  readonly replicated: Lane;
  readonly subscriber: Subscriber;
  readonly topic: string;
  readonly clock: Clock;
  readonly metrics: Metrics;
};

/**
 * Proves that what is published arrives: a subscriber connection can be dead, or lead to a former primary, and look
 * alive for ever. Published through the one connection, expected on the other; when it does not return, the subscriber
 * is renewed. While it is at it, it asks the primary for its history again (SPEC B2, B4).
 */
export class Canary {
  readonly #deps: CanaryDeps;
  #timer: Timer | undefined;
  #serial = 0;
  #heardAtMs: Millis | undefined;
  #flying: { readonly serial: number; readonly sentAtMs: number } | undefined;

  constructor(deps: CanaryDeps) {
    this.#deps = deps;
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#heardAtMs ??= this.#deps.clock.monotonicMs();
    this.#timer = every(this.#deps.clock, REDIS_TIMING.canaryEveryMs, () => void this.fly());
    this.#deps.subscriber.listen({
      onRecord: record => {
        if (record.kind === 'canary' && record.topic === this.#deps.topic) this.#returned(record.serial);
      },
      onResubscribed: () => {
        this.#flying = undefined;
      },
    });
  }

  /** Since the last one returned; since the start where none did, 0 before that. */
  get heardAgoMs(): Millis {
    return this.#heardAtMs === undefined ? 0 : this.#deps.clock.monotonicMs() - this.#heardAtMs;
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Looks after the one that is under way, or sends another. */
  async fly(): Promise<void> {
    const { commands, replicated, subscriber, topic, clock } = this.#deps;
    for (const writing of [commands, replicated]) if (writing.link !== undefined) void writing.check();
    if (commands.link === undefined || !subscriber.live) return;
    const nowMs = clock.monotonicMs();
    if (this.#flying !== undefined) {
      if (nowMs - this.#flying.sentAtMs >= REDIS_TIMING.canaryLostMs) this.#lost('it did not return');
      return;
    }
    this.#serial += 1;
    const flying = { serial: this.#serial, sentAtMs: nowMs };
    this.#flying = flying;
    const generation = subscriber.lane.link?.generation;
    const sent = await commands.call({ operation: 'canary', writes: false }, client =>
      client.publish(topic, String(flying.serial)),
    );
    if (this.#flying !== flying) return;
    if (!sent.ok) this.#flying = undefined;
    else if (sent.value === 0 && subscriber.live && subscriber.lane.link?.generation === generation)
      this.#lost('nobody was subscribed');
  }

  #returned(serial: number): void {
    if (this.#flying?.serial !== serial) return;
    const nowMs = this.#deps.clock.monotonicMs();
    this.#heardAtMs = nowMs;
    const seconds = (nowMs - this.#flying.sentAtMs) / 1_000;
    this.#deps.metrics.observe('kittiwake_broker_canary_seconds', seconds);
    this.#flying = undefined;
  }

  #lost(reason: string): void {
    this.#flying = undefined;
    this.#deps.metrics.count('kittiwake_broker_canary_lost_total', 1);
    this.#deps.subscriber.lane.renew(`canary: ${reason}`);
  }
}
