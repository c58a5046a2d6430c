import { assert, type Random, type Timer } from '@kittiwake/base';
import { SimHost, type SimLoop, type SimNetwork } from '@kittiwake/testkit';
import type { SimRedisNode } from './sim-redis-node.ts';

/** What the Sentinels are made of. */
export type SentinelsParts = {
  readonly loop: SimLoop;
  readonly network: SimNetwork;
  readonly random: Random;
  readonly nodes: readonly SimRedisNode[];
};

/** Who wants to hear of another primary: ioredis' failover detector. */
export type SwitchListener = { readonly host: SimHost; switched(): void };

type Span = { readonly min: number; readonly max: number };

const LOOK_EVERY_MS = 500;
/** From the fault, or from when it was noticed, to the decision: down-after 1 s, the other Sentinels, the vote. */
const DETECTION_MS: Span = { min: 1_000, max: 1_600 };
const NOTICED_LATE_MS = LOOK_EVERY_MS / 2;
const PROMOTION_MS: Span = { min: 150, max: 400 };
/** Until Sentinels have seen that the promoted one leads, and name it. */
const NAMING_MS: Span = { min: 20, max: 300 };
/** Each of three Sentinels tells the clients, when it knows. */
const TELLING_MS: readonly Span[] = [
  { min: 0, max: 20 },
  { min: 10, max: 150 },
  { min: 20, max: 250 },
];
const RECONFIGURATION_MS: Span = { min: 50, max: 1_000 };
/** A primary that came back leads on for four times the Sentinels' publishing period; a stray replica for ten seconds. */
const DEMOTION_MS: Span = { min: 8_000, max: 10_000 };
const STRAY_MS: Span = { min: 10_000, max: 11_000 };
/** Twice the failover timeout. */
const NEXT_ATTEMPT_MS = 20_000;
const OTHER_REPLICA_CHANCE = 0.2;

/** Three Sentinels as one: they watch, decide, name the primary and tell whoever listens. Ways lead to the host `sentinels`. */
export class SimSentinels {
  readonly host: SimHost;
  /** Whom they name. */
  primary: SimRedisNode;
  readonly #parts: SentinelsParts;
  readonly #listeners = new Set<SwitchListener>();
  /** What is planned about a node, so that it is not planned twice. */
  readonly #plans = new Map<SimRedisNode, Timer>();
  #isWatching = false;
  #quietUntilMs = 0;

  constructor(parts: SentinelsParts) {
    const [first] = parts.nodes;
    assert(first !== undefined, 'there is a node to watch');
    this.#parts = parts;
    this.primary = first;
    this.host = new SimHost(parts.loop, 'sentinels');
  }

  /** Begins to look every now and then. */
  watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    const look = (): void => {
      this.#look(NOTICED_LATE_MS);
      this.#parts.loop.after(LOOK_EVERY_MS, look);
    };
    this.#parts.loop.after(this.#parts.random.next() * LOOK_EVERY_MS, look);
  }

  /** Something has just happened to a node: the time until it is noticed counts from now. */
  look(): void {
    this.#look(0);
  }

  /** The returned function ends it. */
  listen(listener: SwitchListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #look(lateMs: number): void {
    for (const node of this.#parts.nodes) {
      for (const link of node.leader?.links ?? []) link.contact();
      if (this.#plans.has(node)) continue;
      if (node === this.primary) this.#lookAtPrimary(node, lateMs);
      else if (this.#reaches(node)) this.#lookAtOther(node);
    }
  }

  #lookAtPrimary(node: SimRedisNode, lateMs: number): void {
    if (this.#isHealthy(node) || this.#parts.loop.nowMs < this.#quietUntilMs) return;
    this.#plan(node, this.#between(DETECTION_MS) - lateMs, () => {
      if (node === this.primary && !this.#isHealthy(node)) this.#failOver();
    });
  }

  #lookAtOther(node: SimRedisNode): void {
    const { primary } = this;
    if (node.follower?.primary === primary) return;
    const span = node.role === 'primary' ? DEMOTION_MS : STRAY_MS;
    this.#plan(node, this.#between(span), () => {
      if (node !== this.primary && this.#reaches(node) && this.#isHealthy(this.primary))
        node.follow(this.primary);
    });
  }

  #failOver(): void {
    const { loop } = this.#parts;
    const chosen = this.#choose();
    this.#quietUntilMs = loop.nowMs + NEXT_ATTEMPT_MS;
    if (chosen === undefined) return;
    this.#plan(chosen, this.#between(PROMOTION_MS), () => {
      if (!this.#reaches(chosen)) return;
      chosen.lead();
      this.#plan(chosen, this.#between(NAMING_MS), () => {
        if (this.#isHealthy(chosen)) this.#name(chosen);
      });
    });
  }

  /** The replica that is furthest; by chance another one in good standing, which a Sentinel saw last when it was further. */
  #choose(): SimRedisNode | undefined {
    const able = this.#parts.nodes
      .filter(
        node => node !== this.primary && node.role === 'replica' && !node.isLoading && this.#reaches(node),
      )
      .toSorted((a, b) => b.offset - a.offset);
    const [best, other] = able;
    const isOther = other?.follower?.isLinked === true && best?.follower?.isLinked === true;
    return isOther && this.#parts.random.next() < OTHER_REPLICA_CHANCE ? other : best;
  }

  #name(chosen: SimRedisNode): void {
    const { loop, network, nodes } = this.#parts;
    this.primary = chosen;
    this.#quietUntilMs = 0;
    for (const span of TELLING_MS) {
      loop.after(this.#between(span), () => {
        for (const listener of this.#listeners)
          network
            .pipe(this.host, listener.host)
            .send(() => this.#listeners.has(listener) && listener.switched());
      });
    }
    for (const node of nodes) {
      if (node === chosen || node.role !== 'replica') continue;
      this.#plans.get(node)?.cancel();
      this.#plan(node, this.#between(RECONFIGURATION_MS), () => {
        if (this.primary === chosen && this.#reaches(node)) node.follow(chosen);
      });
    }
  }

  #plan(node: SimRedisNode, delayMs: number, act: () => void): void {
    const timer = this.#parts.loop.after(delayMs, () => {
      this.#plans.delete(node);
      act();
    });
    this.#plans.set(node, timer);
  }

  /** Whether the node answers them. */
  #reaches(node: SimRedisNode): boolean {
    const { network } = this.#parts;
    const isConnected =
      network.reaches(this.host.name, node.name) && network.reaches(node.name, this.host.name);
    return node.isRunning && isConnected;
  }

  #isHealthy(node: SimRedisNode): boolean {
    return node.role === 'primary' && this.#reaches(node);
  }

  #between({ min, max }: Span): number {
    return min + this.#parts.random.next() * (max - min);
  }
}
