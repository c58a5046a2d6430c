import type { Random } from '@kittiwake/base';
import type { SimHost, SimLoop, SimNetwork } from '@kittiwake/testkit';
import { continuesFrom, type History, offsetOf, type Point } from './history.ts';
import { type ReplicaEnd, ReplicaLink } from './replica-link.ts';

/** What a leader is made of. */
export type LeaderParts = {
  readonly loop: SimLoop;
  readonly network: SimNetwork;
  readonly random: Random;
  readonly host: SimHost;
  readonly history: History;
};

/** How long a copy of everything takes. */
const COPY_MS = { min: 20, max: 150 };
/** `repl-backlog-size` of 1 MB, in writes of some 250 bytes. */
const BACKLOG_UNITS_MAX = 4_096;

/** The primary's side of replication: what it writes, and who follows. */
export class Leader {
  readonly history: History;
  readonly #parts: LeaderParts;
  #links: readonly ReplicaLink[] = [];

  constructor(parts: LeaderParts) {
    this.#parts = parts;
    this.history = parts.history;
  }

  get links(): readonly ReplicaLink[] {
    return this.#links;
  }

  /** Replicas that count for `min-replicas-to-write`. */
  get goodReplicas(): number {
    let good = 0;
    for (const link of this.#links) if (link.isGood()) good += 1;
    return good;
  }

  /** `PSYNC`: lets a replica go on from `at` where that is a point of this history, and copies everything otherwise. */
  attach(replica: ReplicaEnd, at: Point | undefined): void {
    const { loop, network, random, host, history } = this.#parts;
    const lacks = at === undefined ? 0 : offsetOf(history.head) - offsetOf(at);
    const isBehind = at !== undefined && continuesFrom(history, at) && lacks <= BACKLOG_UNITS_MAX;
    // Where nothing was ever written there is nothing to copy.
    const goesOn = isBehind || offsetOf(history.head) === 0;
    const copyMs = goesOn ? undefined : COPY_MS.min + random.next() * (COPY_MS.max - COPY_MS.min);
    const link: ReplicaLink = new ReplicaLink({
      loop,
      network,
      primary: host,
      replica,
      history,
      copyMs,
      onLeft: () => {
        this.#links = this.#links.filter(other => other !== link);
      },
    });
    this.#links = [...this.#links, link];
    link.open();
  }

  /** It leads no more: what it sent arrives, and then the end. */
  stop(): void {
    for (const link of this.#links) link.hangUp();
    this.#links = [];
  }
}
