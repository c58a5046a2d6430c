import { type Clock, every, type Millis, type Result, type Timer } from '@kittiwake/base';
import type { Metrics } from '../metrics/metrics.ts';
import type { Logger } from '../telemetry/logger.ts';
import { DELIVERING, type DeliveryState, nextDelivery } from './delivery-verdict.ts';
import type { HealthSource } from './readiness.ts';

/** What a watch asks of the bus. */
export type DeliveryBus = {
  heardAgoMs(): Millis;
  gateways(): Promise<
    Result<
      readonly { readonly gateway: string; readonly draining: boolean; readonly heardAgoMs?: Millis }[],
      unknown
    >
  >;
};

/** What a watch needs. */
export type DeliveryWatchParts = {
  readonly gateway: string;
  readonly bus: DeliveryBus;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Called at every look that finds the gateway deaf: who is here hears little, and would hear all elsewhere. */
  readonly onDeaf: () => void;
  readonly onHearing: () => void;
};

const PERIOD_MS: Millis = 2_000;
/** From here on it is worth asking how others do. */
const LATE_MS: Millis = 6_000;
const STATE = { delivering: 0, unproven: 1, deaf: 2 } as const;

/**
 * Tells whether what is published reaches this gateway, and if not, whether it is alone with that (SPEC B13): then it is
 * not ready, and its sessions are asked to move. It looks every 2 s, and asks about the others only while it hears nothing.
 */
export class DeliveryWatch implements HealthSource {
  readonly name = 'delivery';
  readonly #parts: DeliveryWatchParts;
  #state: DeliveryState = DELIVERING;
  #timer: Timer | undefined;

  constructor(parts: DeliveryWatchParts) {
    this.#parts = parts;
  }

  get phase(): DeliveryState['phase'] {
    return this.#state.phase;
  }

  check(): string | undefined {
    return this.#state.phase === 'deaf'
      ? 'nothing comes back from the broker here, elsewhere it does'
      : undefined;
  }

  start(): void {
    this.#timer ??= every(this.#parts.clock, PERIOD_MS, () => void this.#look());
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    const { bus, metrics, onDeaf } = this.#parts;
    const othersHeardAgoMs = bus.heardAgoMs() < LATE_MS ? [] : await this.#others();
    if (this.#timer === undefined) return;
    const heardAgoMs = bus.heardAgoMs();
    this.#enter(nextDelivery(this.#state, { heardAgoMs, othersHeardAgoMs }));
    metrics.set('kittiwake_delivery_state', STATE[this.#state.phase]);
    metrics.set('kittiwake_broker_canary_age_seconds', heardAgoMs / 1_000);
    if (this.#state.phase === 'deaf') onDeaf();
  }

  async #others(): Promise<readonly Millis[] | undefined> {
    const { bus, gateway } = this.#parts;
    const listed = await bus.gateways();
    if (!listed.ok) return undefined;
    return listed.value
      .filter(other => other.gateway !== gateway && !other.draining)
      .flatMap(({ heardAgoMs }) => heardAgoMs ?? []);
  }

  #enter(state: DeliveryState): void {
    const former = this.#state;
    this.#state = state;
    if (former.phase === state.phase) return;
    this.#parts.log[state.phase === 'delivering' ? 'info' : 'warn']('delivery.changed', {
      from: former.phase,
      to: state.phase,
    });
    if (former.phase === 'deaf') this.#parts.onHearing();
  }
}
