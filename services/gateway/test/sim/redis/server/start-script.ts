import type { Timer } from '@kittiwake/base';
import type { SimLoop, SimNetwork } from '@kittiwake/testkit';
import { offsetOf } from './history.ts';
import type { KeptData, SimRedisNode } from './sim-redis-node.ts';
import type { SimSentinels } from './sim-sentinels.ts';

/** What the script is made of. */
export type StartScriptParts = {
  readonly loop: SimLoop;
  readonly network: SimNetwork;
  readonly nodes: readonly SimRedisNode[];
  readonly sentinels: SimSentinels;
};

const ASK_EVERY_MS = 500;
const STAND_ASIDE_MS = 30_000;

/** How a Redis decides what to be when it starts, as `redis-start.sh` does (ADR-0036). */
export class StartScript {
  readonly #parts: StartScriptParts;
  readonly #asking = new Map<SimRedisNode, Timer>();

  constructor(parts: StartScriptParts) {
    this.#parts = parts;
  }

  /** Follows whom the Sentinels name. Where that is itself it stands aside, so that they promote a replica. */
  run(node: SimRedisNode, data: KeptData): void {
    this.callOff(node);
    this.#decide(node, data, this.#parts.loop.nowMs + STAND_ASIDE_MS);
  }

  /** The pod is gone before anything started. */
  callOff(node: SimRedisNode): void {
    this.#asking.get(node)?.cancel();
    this.#asking.delete(node);
  }

  #decide(node: SimRedisNode, data: KeptData, leadAtMs: number): void {
    const { sentinels, network, loop } = this.#parts;
    const hears =
      network.reaches(node.name, sentinels.host.name) && network.reaches(sentinels.host.name, node.name);
    if (hears && sentinels.primary !== node) {
      node.start(data);
      node.follow(sentinels.primary);
    } else if (hears && loop.nowMs >= leadAtMs && !(data === 'empty' && this.#peersHoldData(node))) {
      node.start(data);
      node.lead();
    } else {
      const again = loop.after(ASK_EVERY_MS, () => this.#decide(node, data, leadAtMs));
      this.#asking.set(node, again);
      return;
    }
    this.#asking.delete(node);
  }

  #peersHoldData(node: SimRedisNode): boolean {
    return this.#parts.nodes.some(other => other !== node && other.isRunning && offsetOf(other.at) > 0);
  }
}
