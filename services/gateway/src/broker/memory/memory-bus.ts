import { type Millis, ok, type Result } from '@kittiwake/base';
import type { BrokerFailure } from '../broker.ts';
import type { ControlMessage, GatewayBus, GatewayInfo, ListedGateway } from '../gateway-bus.ts';
import type { MemoryCluster } from './memory-cluster.ts';

/** One gateway's bus over a `MemoryCluster`. */
export class MemoryBus implements GatewayBus {
  readonly #cluster: MemoryCluster;
  #listener: ((message: ControlMessage) => void) | undefined;

  constructor(cluster: MemoryCluster) {
    this.#cluster = cluster;
  }

  async start(onMessage: (message: ControlMessage) => void): Promise<void> {
    if (this.#listener !== undefined) return;
    this.#listener = message => onMessage(message);
    this.#cluster.listeners.add(this.#listener);
  }

  async stop(): Promise<void> {
    if (this.#listener !== undefined) this.#cluster.listeners.delete(this.#listener);
    this.#listener = undefined;
  }

  async broadcast(message: ControlMessage): Promise<Result<void, BrokerFailure>> {
    queueMicrotask(() => {
      for (const listener of this.#cluster.listeners) listener(message);
    });
    return ok();
  }

  async announce(info: GatewayInfo): Promise<Result<void, BrokerFailure>> {
    const { clock, gateways, timing } = this.#cluster;
    gateways.set(info.gateway, { info, untilMs: clock.monotonicMs() + timing.gatewayTtlMs });
    return ok();
  }

  async gateways(): Promise<Result<readonly ListedGateway[], BrokerFailure>> {
    const { clock, gateways } = this.#cluster;
    for (const [gateway, { untilMs }] of gateways)
      if (clock.monotonicMs() >= untilMs) gateways.delete(gateway);
    return ok([...gateways.values()].map(({ info }) => ({ ...info, heardAgoMs: 0 })));
  }

  /** Nothing lies between one gateway and another. */
  heardAgoMs(): Millis {
    return 0;
  }
}
