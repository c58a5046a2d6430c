import type { SimHost, SimLoop, SimNetwork, SimPipe } from '@kittiwake/testkit';
import { PUBLISH } from '../keyspace/key-commands.ts';
import type { Effects } from '../keyspace/keyspace.ts';
import type { History, Point } from './history.ts';
import { ReplicationWire } from './replication-wire.ts';
import type { Subscriptions } from './subscriptions.ts';

/** The replica's end of a link. */
export type ReplicaEnd = {
  readonly host: SimHost;
  readonly subscriptions: Subscriptions;
  /** It has what it needs to follow: the link carries the rest. */
  linked(link: ReplicaLink): void;
  /** The primary hung up. */
  lost(link: ReplicaLink): void;
};

/** What a link is made of. */
export type LinkParts = {
  readonly loop: SimLoop;
  readonly network: SimNetwork;
  readonly primary: SimHost;
  readonly replica: ReplicaEnd;
  readonly history: History;
  /** How long the copy takes that the replica needs first; `undefined` where it goes on from where it is. */
  readonly copyMs: number | undefined;
  /** The replica has hung up. */
  onLeft(): void;
};

/** `min-replicas-max-lag`, in whole seconds. */
const LAG_MAX_S = 3;

/** One replica of a primary: how far it has come, and what the primary knows of that. */
export class ReplicaLink {
  readonly history: History;
  readonly wire: ReplicationWire;
  /** What the replica says to the primary. */
  readonly back: SimPipe;
  readonly replica: ReplicaEnd;
  /** Whether the replica follows; before that it counts nowhere. */
  isOnline = false;
  isOpen = true;
  /** What the replica has acknowledged. */
  ackedIndex = -1;
  readonly #parts: LinkParts;
  readonly #firstIndex: number;
  readonly #copiedAtMs: number;
  #contactMs: number;
  #frozenAtMs = Number.POSITIVE_INFINITY;

  constructor(parts: LinkParts) {
    const { loop, network, primary, replica, history } = parts;
    this.#parts = parts;
    this.history = history;
    this.replica = replica;
    this.wire = new ReplicationWire({ loop, network, from: primary, to: replica.host });
    this.back = network.pipe(replica.host, primary);
    this.#firstIndex = history.length;
    this.#contactMs = loop.nowMs;
    this.#copiedAtMs = loop.nowMs + (parts.copyMs ?? 0);
  }

  /** What the replica holds now. */
  get at(): Point {
    const atMs = Math.min(this.#parts.loop.nowMs, this.#frozenAtMs);
    return { history: this.history, index: this.#firstIndex + this.wire.arrivedBy(atMs) };
  }

  /** Lets the replica go on, or gives it a copy first. */
  open(): void {
    const isCopy = this.#parts.copyMs !== undefined;
    this.isOnline = !isCopy;
    if (isCopy) this.wire.occupyUntil(this.#copiedAtMs);
    this.wire.tell(() => {
      this.replica.linked(this);
      if (isCopy && this.isOpen) this.back.send(() => (this.isOnline = true));
    });
  }

  /** Sends what was written. */
  send(unit: Effects): void {
    this.wire.send();
    if (!this.replica.subscriptions.areAny) return;
    for (let part = 0; part < unit.length; part += 3) {
      if (unit[part] !== PUBLISH) continue;
      const [topic = '', text = ''] = unit[part + 1] as readonly string[];
      this.wire.tell(() => void this.replica.subscriptions.announce({ topic, text }));
    }
  }

  /** `REPLCONF GETACK`: asks how far the replica is; `onAck` follows when the answer is here. */
  requestAck(onAck: () => void): void {
    this.wire.tell(() => {
      const { index } = this.at;
      this.back.send(() => {
        this.ackedIndex = Math.max(this.ackedIndex, index);
        onAck();
      });
    });
  }

  /** The primary hangs up, behind what it sent; a copy that is not all sent is of no use. */
  hangUp(): void {
    if (this.#parts.loop.nowMs < this.#copiedAtMs) this.wire.close();
    this.isOpen = false;
    this.isOnline = false;
    this.wire.tell(() => this.replica.lost(this));
  }

  /** The replica hangs up. */
  leave(): void {
    this.wire.close();
    this.back.send(() => {
      this.isOpen = false;
      this.isOnline = false;
      this.#parts.onLeft();
    });
  }

  /** The replica hangs: what arrives waits in its socket. */
  freeze(isFrozen: boolean): void {
    const { nowMs } = this.#parts.loop;
    if (isFrozen && this.#frozenAtMs > nowMs) this.#frozenAtMs = nowMs;
    else if (!isFrozen) this.#frozenAtMs = Number.POSITIVE_INFINITY;
  }

  /**
   * Replicas acknowledge every second, which is not sent here: as long as one could, it did. Called whenever somebody
   * asks, and every now and then, so that the moment of the last contact is not far off.
   */
  contact(): void {
    const { network, primary, loop } = this.#parts;
    const { host } = this.replica;
    if (host.phase === 'running' && network.reaches(host.name, primary.name)) this.#contactMs = loop.nowMs;
  }

  /** Nothing has changed between two moments: who was in contact at the first one was so up to the second one. */
  stayedInContact(fromMs: number, toMs: number): void {
    if (this.#contactMs >= fromMs) this.#contactMs = Math.max(this.#contactMs, toMs);
  }

  /** Whether the replica counts for `min-replicas-to-write`, which Redis works out once a second, in whole seconds. */
  isGood(): boolean {
    if (!this.isOnline) return false;
    this.contact();
    return Math.floor(this.#parts.loop.nowMs / 1_000) - Math.floor(this.#contactMs / 1_000) <= LAG_MAX_S;
  }
}
