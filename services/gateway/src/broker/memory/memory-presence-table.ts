import type { Clock, Millis } from '@kittiwake/base';
import type { ChannelName, PresenceEntry, SessionId } from '@kittiwake/protocol';
import type { PresenceChange } from '../presence-store.ts';

/** An entry, the store that owns it, and which connect of its session shows it. */
export type OwnedEntry = { readonly owner: string; readonly attempt: number; readonly entry: PresenceEntry };

type Row = OwnedEntry & { untilMs: Millis };

/** Who listens to changes. */
export type PresenceWatcher = {
  watches(channel: ChannelName): boolean;
  onChange(change: PresenceChange): void;
};

/** The presence of all gateways of one process. */
export class MemoryPresenceTable {
  readonly #clock: Clock;
  readonly #ttlMs: Millis;
  readonly #channels = new Map<ChannelName, Map<SessionId, Row>>();
  readonly #watchers = new Set<PresenceWatcher>();

  constructor(clock: Clock, ttlMs: Millis) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
  }

  /** Registers a store; the returned function takes it out again. */
  watch(watcher: PresenceWatcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  size(channel: ChannelName): number {
    return this.#channels.get(channel)?.size ?? 0;
  }

  has(channel: ChannelName, member: SessionId): boolean {
    return this.#channels.get(channel)?.has(member) ?? false;
  }

  /** Sets an entry, unless another store shows a later connect of its session (SPEC E4). */
  set(channel: ChannelName, owned: OwnedEntry): void {
    const rows = this.#channels.get(channel) ?? new Map<SessionId, Row>();
    const { member } = owned.entry;
    const known = rows.get(member);
    if (known !== undefined && known.owner !== owned.owner && known.attempt > owned.attempt) return;
    rows.set(member, { ...owned, untilMs: this.#expiry() });
    this.#channels.set(channel, rows);
    this.#announce({ channel, set: [owned.entry], left: [] });
  }

  /** Removes what `owner` owns, and nothing else. */
  remove(owner: string, channel: ChannelName, member: SessionId): void {
    if (this.#channels.get(channel)?.get(member)?.owner !== owner) return;
    this.#drop(channel, [member]);
  }

  list(channel: ChannelName): readonly PresenceEntry[] {
    return [...(this.#channels.get(channel)?.values() ?? [])].map(row => row.entry);
  }

  /** Keeps everything of `owner` for another time to live. */
  touch(owner: string): void {
    for (const rows of this.#channels.values())
      for (const row of rows.values()) if (row.owner === owner) row.untilMs = this.#expiry();
  }

  /** Takes expired entries out, and says so once. */
  sweep(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [channel, rows] of this.#channels) {
      const expired = [...rows].filter(([, row]) => nowMs >= row.untilMs).map(([member]) => member);
      if (expired.length > 0) this.#drop(channel, expired);
    }
  }

  #drop(channel: ChannelName, left: readonly SessionId[]): void {
    const rows = this.#channels.get(channel);
    for (const member of left) rows?.delete(member);
    if (rows?.size === 0) this.#channels.delete(channel);
    this.#announce({ channel, set: [], left });
  }

  #expiry(): Millis {
    return this.#clock.monotonicMs() + this.#ttlMs;
  }

  #announce(change: PresenceChange): void {
    queueMicrotask(() => {
      for (const watcher of this.#watchers) if (watcher.watches(change.channel)) watcher.onChange(change);
    });
  }
}
