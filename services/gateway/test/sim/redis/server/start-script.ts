import type { Timer } from '@kittiwake/base';
import type { SimLoop } from '@kittiwake/testkit';
import { offsetOf } from './history.ts';
import type { KeptData, SimRedisNode } from './sim-redis-node.ts';
import type { SimSentinel } from './sim-sentinel.ts';

/** What the script is made of. */
export type StartScriptParts = {
  readonly loop: SimLoop;
  readonly nodes: readonly SimRedisNode[];
  readonly sentinels: readonly SimSentinel[];
};

const ASK_EVERY_MS = 500;
const STAND_ASIDE_MS = 30_000;
const QUORUM = 2;

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
    const known = this.#known(node);
    const mayLead = this.#parts.loop.nowMs >= leadAtMs && !(data === 'empty' && this.#peersHoldData(node));
    if (known !== undefined && known !== node) {
      node.start(data);
      node.follow(known);
    } else if (known === node && mayLead) {
      node.start(data);
      node.lead();
    } else {
      const again = this.#parts.loop.after(ASK_EVERY_MS, () => this.#decide(node, data, leadAtMs));
      this.#asking.set(node, again);
      return;
    }
    this.#asking.delete(node);
  }

  /** The primary of the newest configuration that a quorum of answers tells of. */
  #known(node: SimRedisNode): SimRedisNode | undefined {
    const answers = this.#parts.sentinels.filter(sentinel => sentinel.isConnected(node.name));
    if (answers.length < QUORUM) return undefined;
    return answers.reduce((newest, one) => (one.epoch > newest.epoch ? one : newest)).named;
  }

  #peersHoldData(node: SimRedisNode): boolean {
    return this.#parts.nodes.some(other => other !== node && other.isRunning && offsetOf(other.at) > 0);
  }
}
