import type { SimHost, SimLoop, SimNetwork } from '@kittiwake/testkit';
import type { Point } from './history.ts';
import type { Leader } from './leader.ts';
import type { ReplicaEnd, ReplicaLink } from './replica-link.ts';
import type { Subscriptions } from './subscriptions.ts';

/** Who is followed, as far as it matters to a follower. */
export type Followed = {
  readonly name: string;
  readonly host: SimHost;
  /** Absent while it does not lead, or is not ready yet. */
  readonly leader: Leader | undefined;
  /** Who follows, or would like to: they are told when the process is gone. */
  readonly followers: Set<Follower>;
};

/** What a follower is made of. */
export type FollowerParts = {
  readonly loop: SimLoop;
  readonly network: SimNetwork;
  readonly host: SimHost;
  readonly subscriptions: Subscriptions;
  readonly primary: Followed;
  /** Where its data stands at first. */
  readonly at: Point;
  /** Whether it knows which history that is: a process that was restarted does not. */
  readonly canContinue: boolean;
  /** Its data was replaced, or goes on in another history. */
  onMoved(from: Point, to: Point): void;
};

/** Redis tries again every second. */
const RETRY_MS = 1_000;

/** The replica's side of replication: it looks for its primary until it has a link, and again when it has lost that. */
export class Follower implements ReplicaEnd {
  readonly host: SimHost;
  readonly subscriptions: Subscriptions;
  readonly primary: Followed;
  readonly #parts: FollowerParts;
  #at: Point;
  #canContinue: boolean;
  #link: ReplicaLink | undefined;
  #isStopped = false;
  #isStalled = false;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
    this.host = parts.host;
    this.subscriptions = parts.subscriptions;
    this.primary = parts.primary;
    this.#at = parts.at;
    this.#canContinue = parts.canContinue;
  }

  /** Where its data stands. */
  get at(): Point {
    return this.#link?.at ?? this.#at;
  }

  get canContinue(): boolean {
    return this.#canContinue;
  }

  get isLinked(): boolean {
    return this.#link !== undefined;
  }

  start(): void {
    this.primary.followers.add(this);
    this.#ask();
  }

  /** It follows no more, and hangs up. */
  stop(): void {
    this.#isStopped = true;
    this.primary.followers.delete(this);
    const { at } = this;
    this.#link?.leave();
    this.#link = undefined;
    this.#at = at;
  }

  linked(link: ReplicaLink): void {
    if (this.#isStopped || this.#link !== undefined) {
      link.leave();
      return;
    }
    this.#parts.onMoved(this.#at, link.at);
    this.#link = link;
    this.#canContinue = true;
    link.wire.stall(this.#isStalled);
  }

  lost(link: ReplicaLink): void {
    if (this.#link !== link) return;
    this.#at = link.at;
    this.#link = undefined;
    this.#ask();
  }

  /** The process that was asked is gone, and with it the question. */
  refused(): void {
    this.host.clock.after(RETRY_MS, () => this.#ask());
  }

  /** The process hangs, or goes on: what arrives meanwhile waits in its socket. */
  freeze(isFrozen: boolean): void {
    this.#link?.freeze(isFrozen);
  }

  /** Nothing reaches it, though it goes on to say that it is there. */
  stall(isStalled: boolean): void {
    this.#isStalled = isStalled;
    this.#link?.wire.stall(isStalled);
  }

  #ask(): void {
    if (this.#isStopped || this.#link !== undefined) return;
    const { network, primary, host } = this.#parts;
    const asked = primary.host;
    if (asked.phase === 'dead') {
      this.refused();
      return;
    }
    const at = this.#canContinue ? this.#at : undefined;
    network.pipe(host, asked).send(() => {
      if (primary.leader !== undefined) primary.leader.attach(this, at);
      else network.pipe(asked, host).send(() => this.refused());
    });
  }
}
