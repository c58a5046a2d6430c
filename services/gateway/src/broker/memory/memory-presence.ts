import { err, every, ok, type Random, type Result, type Timer } from '@kittiwake/base';
import type { ChannelName, PresenceEntry, SessionId } from '@kittiwake/protocol';
import type { BrokerFailure } from '../broker.ts';
import type { PresenceChange, PresenceStore } from '../presence-store.ts';
import { PRESENCE_MEMBERS_MAX } from '../presence-timing.ts';
import type { MemoryCluster } from './memory-cluster.ts';
import type { PresenceWatcher } from './memory-presence-table.ts';

/** One gateway's presence over a `MemoryCluster`. */
export class MemoryPresence implements PresenceStore, PresenceWatcher {
  readonly #cluster: MemoryCluster;
  readonly #owner: string;
  readonly #watched = new Set<ChannelName>();
  #onChange: ((change: PresenceChange) => void) | undefined;
  #leave: (() => void) | undefined;
  #timers: readonly Timer[] = [];

  constructor(cluster: MemoryCluster, random: Random) {
    this.#cluster = cluster;
    this.#owner = random.hex(8);
  }

  async start(onChange: (change: PresenceChange) => void): Promise<void> {
    if (this.#leave !== undefined) return;
    this.#onChange = onChange;
    this.#leave = this.#cluster.presence.watch(this);
    const { clock, presence, timing } = this.#cluster;
    this.#timers = [
      every(clock, timing.touchEveryMs, () => presence.touch(this.#owner)),
      every(clock, timing.sweepEveryMs, () => presence.sweep()),
    ];
  }

  /** Its entries stay until they expire, as those of a gateway that died. */
  async stop(): Promise<void> {
    this.#leave?.();
    this.#leave = undefined;
    for (const timer of this.#timers) timer.cancel();
    this.#timers = [];
    this.#watched.clear();
  }

  async watch(channel: ChannelName): Promise<Result<void, BrokerFailure>> {
    this.#watched.add(channel);
    return ok();
  }

  async unwatch(channel: ChannelName): Promise<void> {
    this.#watched.delete(channel);
  }

  async set(
    channel: ChannelName,
    entry: PresenceEntry,
    attempt: number,
  ): Promise<Result<void, BrokerFailure>> {
    const { presence } = this.#cluster;
    if (presence.size(channel) >= PRESENCE_MEMBERS_MAX && !presence.has(channel, entry.member)) {
      return err({ kind: 'broker_unavailable', message: 'the channel lists as many members as it may' });
    }
    presence.set(channel, { owner: this.#owner, attempt, entry });
    return ok();
  }

  async remove(channel: ChannelName, member: SessionId): Promise<Result<void, BrokerFailure>> {
    this.#cluster.presence.remove(this.#owner, channel, member);
    return ok();
  }

  async list(channel: ChannelName): Promise<Result<readonly PresenceEntry[], BrokerFailure>> {
    return ok(this.#cluster.presence.list(channel));
  }

  watches(channel: ChannelName): boolean {
    return this.#watched.has(channel);
  }

  onChange(change: PresenceChange): void {
    this.#onChange?.(change);
  }
}
