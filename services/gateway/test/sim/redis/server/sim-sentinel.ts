import { SimHost, type SimLoop, type SimNetwork } from '@kittiwake/testkit';
import type { SimRedisNode } from './sim-redis-node.ts';

/** One Sentinel: whom it reaches, and whom it names. */
export class SimSentinel {
  readonly host: SimHost;
  /** The primary of the newest configuration that it knows. */
  named: SimRedisNode;
  /** Which configuration that is. */
  epoch = 0;
  readonly #network: SimNetwork;

  constructor(
    name: string,
    parts: { readonly loop: SimLoop; readonly network: SimNetwork; readonly named: SimRedisNode },
  ) {
    this.host = new SimHost(parts.loop, name);
    this.named = parts.named;
    this.#network = parts.network;
  }

  /** Whether words cross between it and the host of that name, both ways. */
  isConnected(name: string): boolean {
    return this.#network.reaches(this.host.name, name) && this.#network.reaches(name, this.host.name);
  }

  /** Whether the node answers it. */
  reaches(node: SimRedisNode): boolean {
    return node.isRunning && this.isConnected(node.name);
  }

  /** Whether it finds the node down, or no primary any more. */
  missesPrimary(node: SimRedisNode): boolean {
    return node.role !== 'primary' || !this.reaches(node);
  }

  /** Takes over a newer configuration; false where it knows that, or a newer one. */
  adopt(other: SimSentinel): boolean {
    if (other.epoch <= this.epoch) return false;
    this.epoch = other.epoch;
    this.named = other.named;
    return true;
  }
}
