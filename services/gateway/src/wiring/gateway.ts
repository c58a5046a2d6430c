import type { HealthSource } from '../lifecycle/readiness.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { type Rooms, wireRooms } from './rooms.ts';
import { VERSION } from './version.ts';

/** Ports that a started gateway listens on. */
export type ListeningPorts = { readonly clients: number; readonly api: number; readonly operations: number };

/** One gateway, from its sockets to its broker. */
export type Gateway = {
  readonly id: string;
  /** Connects the broker and listens; rejects where a port is taken. */
  start(): Promise<ListeningPorts>;
  /** Hands its sessions over to other gateways, then stops. */
  drain(): Promise<void>;
  /** Closes everybody at once and stops. Idempotent. */
  stop(): Promise<void>;
};

/** Builds one gateway; nothing happens before `start`. */
export function createGateway(parts: GatewayParts): Gateway {
  return new WiredGateway(parts);
}

/** The order in which the rooms start and stop. */
class WiredGateway implements Gateway {
  readonly id: string;
  readonly #parts: GatewayParts;
  readonly #rooms: Rooms;
  #serving = false;
  #stopping: Promise<void> | undefined;

  constructor(parts: GatewayParts) {
    const started: HealthSource = {
      name: 'gateway',
      check: () => (this.#serving ? undefined : 'starting'),
    };
    this.id = parts.config.gatewayId;
    this.#parts = parts;
    this.#rooms = wireRooms(parts, started);
  }

  async start(): Promise<ListeningPorts> {
    const { config, metrics, log } = this.#parts;
    const { auth, core, clients, api, operations, background } = this.#rooms;
    metrics.set('kittiwake_build_info', 1, { version: VERSION, node: process.version });
    const operationsPort = await operations.start(config.ports.operations);
    await Promise.all([auth.start(), core.start()]);
    for (const part of background) part.start();
    const ports = {
      clients: await clients.start(config.ports.clients),
      api: await api.start(),
      operations: operationsPort,
    };
    this.#serving = true;
    log.info('gateway.started', ports);
    return ports;
  }

  async drain(): Promise<void> {
    await this.#rooms.core.drain.start();
    this.#stopping ??= this.#stop();
    await this.#stopping;
  }

  async stop(): Promise<void> {
    this.#stopping ??= this.#rooms.core.drain.now().then(() => this.#stop());
    await this.#stopping;
  }

  /** Clients first, so that what they are told still has everything behind it; the probes' answers last. */
  async #stop(): Promise<void> {
    const { tracer, log } = this.#parts;
    const { auth, core, clients, api, operations, background } = this.#rooms;
    this.#serving = false;
    await Promise.all([clients.stop(), api.stop()]);
    for (const part of background) part.stop();
    auth.stop();
    await core.stop();
    await Promise.all([operations.stop(), tracer.stop()]);
    log.info('gateway.stopped');
  }
}
