import { assert, type Random, type Timer } from '@kittiwake/base';
import type { SimLoop, SimNetwork } from '@kittiwake/testkit';
import type { SimRedisNode } from './sim-redis-node.ts';
import { SimSentinel } from './sim-sentinel.ts';
import type { Stir } from './stir.ts';

/** What the Sentinels are made of. */
export type SentinelsParts = {
  readonly loop: SimLoop;
  readonly network: SimNetwork;
  readonly random: Random;
  readonly nodes: readonly SimRedisNode[];
  readonly stir: Stir;
  /** A node that was promoted is given up before anybody named it: who followed it was misled. */
  onGivenUp(): void;
};

type Span = { readonly min: number; readonly max: number };

const LOOK_EVERY_MS = 500;
/** From the fault, or from when it was noticed, to the decision: down-after 1 s, a ping every 250 ms, the vote (ADR-0054). */
const DETECTION_MS: Span = { min: 1_020, max: 1_450 };
const NOTICED_LATE_MS = LOOK_EVERY_MS / 2;
const PROMOTION_MS: Span = { min: 10, max: 120 };
/** Until the Sentinel that leads the failover sees that the promoted one leads: it asks once a second. */
const NAMING_MS: Span = { min: 10, max: 1_000 };
/** Until the other Sentinels hear of it. */
const TELLING_MS: Span = { min: 1, max: 150 };
/** Until the other replica is told whom to follow: by our script beside the Sentinel, or by the Sentinel itself. */
const HASTENED_MS: Span = { min: 2, max: 60 };
const HASTENED_CHANCE = 0.9;
const RECONFIGURATION_MS: Span = { min: 50, max: 1_000 };
/** A primary that came back leads on for four times the Sentinels' publishing period; a stray replica for ten seconds. */
const DEMOTION_MS: Span = { min: 8_000, max: 10_000 };
const STRAY_MS: Span = { min: 10_000, max: 11_000 };
/** Twice the failover timeout. */
const NEXT_ATTEMPT_MS = 20_000;
const OTHER_REPLICA_CHANCE = 0.2;

/** Three Sentinels, `sentinel-0` to `sentinel-2`: they watch, agree, promote, and name the primary. */
export class SimSentinels {
  readonly all: readonly SimSentinel[];
  readonly #parts: SentinelsParts;
  /** What is planned about a node, so that it is not planned twice. */
  readonly #plans = new Map<SimRedisNode, Timer>();
  #heir: SimRedisNode | undefined;
  /** When it looked last by itself; `undefined` before it watches. */
  #lookedAtMs: number | undefined;
  #hasStirred = false;
  /** Nothing would come of another look as long as nothing stirs. */
  #isIdle = false;
  #quietUntilMs = 0;

  constructor(parts: SentinelsParts) {
    const [named] = parts.nodes;
    assert(named !== undefined, 'there is a node to watch');
    this.#parts = parts;
    this.all = [0, 1, 2].map(n => new SimSentinel(`sentinel-${n}`, { ...parts, named }));
  }

  /** Whom the newest configuration names. */
  get primary(): SimRedisNode {
    return this.#newest.named;
  }

  /** Who leads: the one that is named, or that has been promoted and will be, which whoever looks closely follows already. */
  get leading(): SimRedisNode {
    return this.#heir ?? this.primary;
  }

  /** Begins to look every now and then: as long as something stirs, and again once something does. */
  watch(): void {
    if (this.#lookedAtMs !== undefined) return;
    this.#lookedAtMs = 0;
    this.#parts.stir.listen(() => this.#wake());
    this.#parts.loop.after(this.#parts.random.next() * LOOK_EVERY_MS, () => this.#lookAgain());
  }

  /** Something has just happened to a node: the time until it is noticed counts from now. */
  look(): void {
    this.#look(0);
  }

  #lookAgain(): void {
    const { loop } = this.#parts;
    this.#hasStirred = false;
    this.#look(NOTICED_LATE_MS);
    this.#lookedAtMs = loop.nowMs;
    const isBusy = this.#hasStirred || this.#plans.size > 0 || loop.nowMs < this.#quietUntilMs;
    if (isBusy) loop.after(LOOK_EVERY_MS, () => this.#lookAgain());
    else this.#isIdle = true;
  }

  /** Looks on when it would have looked next, had it gone on looking at what did not change. */
  #wake(): void {
    this.#hasStirred = true;
    if (!this.#isIdle) return;
    this.#isIdle = false;
    const { loop, nodes } = this.#parts;
    const idleSinceMs = this.#lookedAtMs ?? 0;
    let lastMs = idleSinceMs;
    while (lastMs + LOOK_EVERY_MS <= loop.nowMs) lastMs += LOOK_EVERY_MS;
    for (const node of nodes)
      for (const link of node.leader?.links ?? []) link.stayedInContact(idleSinceMs, lastMs);
    loop.at(lastMs + LOOK_EVERY_MS, () => this.#lookAgain());
  }

  get #newest(): SimSentinel {
    return this.all.reduce((newest, one) => (one.epoch > newest.epoch ? one : newest));
  }

  #look(lateMs: number): void {
    const { primary } = this;
    for (const node of this.#parts.nodes) {
      for (const link of node.leader?.links ?? []) link.contact();
      if (this.#plans.has(node)) continue;
      if (node === primary) this.#lookAtPrimary(node, lateMs);
      else if (node.follower?.primary !== primary) this.#lookAtStray(node);
    }
    for (const one of this.all)
      for (const other of this.all) if (one.isConnected(other.host.name)) this.#tell(other, one);
  }

  #lookAtPrimary(node: SimRedisNode, lateMs: number): void {
    if (this.#leaderAgainst(node) === undefined || this.#parts.loop.nowMs < this.#quietUntilMs) return;
    this.#plan(node, this.#between(DETECTION_MS) - lateMs, () => {
      const leader = node === this.primary ? this.#leaderAgainst(node) : undefined;
      if (leader !== undefined) this.#failOver(leader);
    });
  }

  /** A node that leads although nobody names it, or follows somebody else. */
  #lookAtStray(node: SimRedisNode): void {
    if (!this.#newest.reaches(node)) return;
    const span = node.role === 'primary' ? DEMOTION_MS : STRAY_MS;
    this.#plan(node, this.#between(span), () => {
      const newest = this.#newest;
      if (node === newest.named || !newest.reaches(node) || newest.missesPrimary(newest.named)) return;
      node.follow(newest.named);
    });
  }

  /** A Sentinel that misses the primary and hears from another one that does as well: two of three decide. */
  #leaderAgainst(node: SimRedisNode): SimSentinel | undefined {
    const missing = this.all.filter(sentinel => sentinel.missesPrimary(node));
    return missing.find(one => missing.some(other => other !== one && one.isConnected(other.host.name)));
  }

  #failOver(leader: SimSentinel): void {
    const chosen = this.#choose(leader);
    this.#quietUntilMs = this.#parts.loop.nowMs + NEXT_ATTEMPT_MS;
    if (chosen === undefined) return;
    this.#plan(chosen, this.#between(PROMOTION_MS), () => {
      if (!leader.reaches(chosen)) return;
      this.#heir = chosen;
      chosen.lead();
      if (this.#parts.random.next() < HASTENED_CHANCE) this.#reconfigure(leader, chosen, HASTENED_MS);
      this.#plan(chosen, this.#between(NAMING_MS), () => {
        this.#heir = undefined;
        if (leader.missesPrimary(chosen)) this.#parts.onGivenUp();
        else this.#name(leader, chosen);
      });
    });
  }

  /**
   * The replica that is furthest; by chance another one in good standing, which the Sentinel saw last when it was further.
   * One that leads although nobody names it is as good as any to Sentinel.
   */
  #choose(leader: SimSentinel): SimRedisNode | undefined {
    const able = this.#parts.nodes
      .filter(node => node !== this.primary && node.isRunning && !node.isLoading && leader.reaches(node))
      .toSorted((a, b) => knownOffset(b) - knownOffset(a));
    const [best, other] = able;
    const isOther = other?.follower?.isLinked === true && best?.follower?.isLinked === true;
    return isOther && this.#parts.random.next() < OTHER_REPLICA_CHANCE ? other : best;
  }

  #name(leader: SimSentinel, chosen: SimRedisNode): void {
    leader.epoch = this.#newest.epoch + 1;
    leader.named = chosen;
    this.#quietUntilMs = 0;
    this.#parts.stir.note();
    for (const other of this.all) {
      if (other === leader || !leader.isConnected(other.host.name)) continue;
      this.#parts.loop.after(this.#between(TELLING_MS), () => this.#tell(other, leader));
    }
    this.#reconfigure(leader, chosen, RECONFIGURATION_MS);
  }

  #tell(sentinel: SimSentinel, newer: SimSentinel): void {
    if (sentinel.adopt(newer)) this.#parts.stir.note();
  }

  /** Tells the other replicas whom to follow. */
  #reconfigure(leader: SimSentinel, chosen: SimRedisNode, span: Span): void {
    for (const node of this.#parts.nodes) {
      if (node === chosen || node.role !== 'replica' || node.follower?.primary === chosen) continue;
      this.#plans.get(node)?.cancel();
      this.#plan(node, this.#between(span), () => {
        if (node.role === 'replica' && leader.reaches(node)) node.follow(chosen);
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

  #between({ min, max }: Span): number {
    return min + this.#parts.random.next() * (max - min);
  }
}

/** How far a node is, as far as Sentinel looks: replicas tell, others count as having nothing. */
function knownOffset(node: SimRedisNode): number {
  return node.follower === undefined ? 0 : node.offset;
}
