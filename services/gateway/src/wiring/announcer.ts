import { every, type Timer } from '@kittiwake/base';
import type { GatewayInfo } from '../broker/gateway-bus.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { VERSION } from './version.ts';

/** What an announcement counts. */
export type Counted = { connections(): number; sessions(): number; channels(): number; draining(): boolean };

/** What an announcer needs. */
export type AnnouncerParts = Pick<GatewayParts, 'config' | 'clock' | 'tier'>;

const PERIOD_MS = 10_000;

/** Tells the other gateways, again and again, that this one lives and how full it is. */
export class Announcer {
  readonly #parts: AnnouncerParts;
  readonly #counted: Counted;
  readonly #startedAtMs: number;
  #timer: Timer | undefined;

  constructor(parts: AnnouncerParts, counted: Counted) {
    this.#parts = parts;
    this.#counted = counted;
    this.#startedAtMs = parts.clock.nowMs();
  }

  start(): void {
    this.#announce();
    this.#timer ??= every(this.#parts.clock, PERIOD_MS, () => this.#announce());
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #announce(): void {
    const info: GatewayInfo = {
      gateway: this.#parts.config.gatewayId,
      version: VERSION,
      connections: this.#counted.connections(),
      sessions: this.#counted.sessions(),
      channels: this.#counted.channels(),
      draining: this.#counted.draining(),
      startedAtMs: this.#startedAtMs,
    };
    void this.#parts.tier.bus.announce(info);
  }
}
