import { type Clock, err, type Millis, ok, type Result, type Timer } from '@kittiwake/base';
import type { ChannelName, PresenceEntry, SessionId } from '@kittiwake/protocol';
import type { BrokerFailure } from '../broker/broker.ts';
import type { PresenceChange, PresenceStore } from '../broker/presence-store.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { LocalChannel } from './local-channel.ts';
import { ReadGate } from './read-gate.ts';

/** What presence needs. */
export type ChannelPresenceDeps = {
  readonly store: PresenceStore;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly find: (name: ChannelName) => LocalChannel | undefined;
  /** How long a member whose connection broke stays listed, so that a quick resume does not flicker (SPEC E5). */
  readonly lingerMs: number;
};

/** Lists that are read again at the same time. */
const LISTS_MAX = 64;

/** Until a list that could not be read is asked for once more. */
const LIST_AGAIN_MS: Millis = 1_000;

/** Changes that arrive while the whole list is being read are kept, and applied after it. */
type Listing = { changes: PresenceChange[] | undefined; readonly done: Promise<Result<void, BrokerFailure>> };

/** Keeps the presence of this gateway's channels: one list per channel, brought up to date by changes (SPEC E1–E5). */
export class ChannelPresence {
  readonly #deps: ChannelPresenceDeps;
  readonly #listings = new Map<ChannelName, Listing>();
  readonly #lingering = new Map<string, Timer>();
  readonly #shown = new Set<string>();
  readonly #gate = new ReadGate(LISTS_MAX);
  /** Whose list is to be read again, and is not yet. */
  readonly #doubted = new Set<LocalChannel>();

  constructor(deps: ChannelPresenceDeps) {
    this.#deps = deps;
  }

  start(): Promise<void> {
    return this.#deps.store.start(change => this.#onChange(change));
  }

  async stop(): Promise<void> {
    for (const timer of this.#lingering.values()) timer.cancel();
    this.#lingering.clear();
    await this.#deps.store.stop();
  }

  /** The channel has its first local member. */
  opened(channel: LocalChannel): void {
    if (channel.rule.presence) void this.#list(channel, this.#deps.store.watch(channel.name));
  }

  closed(channel: LocalChannel): void {
    this.#listings.delete(channel.name);
    if (channel.rule.presence) void this.#deps.store.unwatch(channel.name);
  }

  /** Reads the list again and gives it to everybody: changes may have been missed. So many channels at a time (SPEC B8). */
  doubted(channel: LocalChannel): void {
    if (!channel.rule.presence || this.#doubted.has(channel)) return;
    this.#doubted.add(channel);
    void this.#gate.pass(() => this.#listAgain(channel));
  }

  /** Who is in the channel, once the list is known. */
  async entries(channel: LocalChannel): Promise<Result<readonly PresenceEntry[], BrokerFailure>> {
    const listing = this.#listings.get(channel.name);
    const listed = listing === undefined ? ok() : await listing.done;
    if (listed.ok) return ok(channel.presence.entries());
    const again = await this.#list(channel, this.#deps.store.watch(channel.name));
    return again.ok ? ok(channel.presence.entries()) : again;
  }

  /** Shows the member, or changes what it shows; `attempt` as in the store. */
  async set(
    channel: ChannelName,
    entry: PresenceEntry,
    attempt: number,
  ): Promise<Result<void, BrokerFailure>> {
    this.#stayed(channel, entry.member);
    const set = await this.#deps.store.set(channel, entry, attempt);
    // What may be shown, though nobody knows, has to be taken off the list as well.
    if (set.ok || set.error.kind === 'unknown_outcome') this.#count(channel, entry.member, true);
    return set;
  }

  /** Takes the member off the list at once. */
  async remove(channel: ChannelName, member: SessionId): Promise<Result<void, BrokerFailure>> {
    this.#stayed(channel, member);
    this.#count(channel, member, false);
    return this.#deps.store.remove(channel, member);
  }

  /** The member's connection broke: it leaves the list unless it is back in time. */
  linger(channel: ChannelName, member: SessionId): void {
    const key = keyOf(channel, member);
    if (!this.#shown.has(key)) return;
    this.#lingering.get(key)?.cancel();
    this.#lingering.set(
      key,
      this.#deps.clock.after(this.#deps.lingerMs, () => void this.remove(channel, member)),
    );
  }

  async #listAgain(channel: LocalChannel): Promise<void> {
    this.#doubted.delete(channel);
    if (channel.phase === 'closed') return;
    const listed = await this.#list(channel, Promise.resolve(ok()));
    if (!listed.ok) return void this.#deps.clock.after(LIST_AGAIN_MS, () => this.doubted(channel));
    channel.broadcastPresence({
      type: 'presence-sync',
      channel: channel.name,
      members: channel.presence.entries(),
    });
  }

  #list(
    channel: LocalChannel,
    watched: Promise<Result<void, BrokerFailure>>,
  ): Promise<Result<void, BrokerFailure>> {
    const changes: PresenceChange[] = [];
    const done = this.#read(channel, watched, changes).finally(() => {
      listing.changes = undefined;
    });
    const listing: Listing = { changes, done };
    this.#listings.set(channel.name, listing);
    return done;
  }

  async #read(
    channel: LocalChannel,
    watched: Promise<Result<void, BrokerFailure>>,
    changes: PresenceChange[],
  ): Promise<Result<void, BrokerFailure>> {
    const watching = await watched;
    if (!watching.ok) return watching;
    // What was told before is in the list, or came late of a subscription that has ended, whose rest never came.
    changes.length = 0;
    const listed = await this.#deps.store.list(channel.name);
    if (!listed.ok) {
      this.#deps.log.warn('presence.list_failed', { kind: listed.error.kind });
      return err(listed.error);
    }
    channel.presence.replace(listed.value);
    for (const change of changes) channel.presence.apply(change);
    return ok();
  }

  #onChange(change: PresenceChange): void {
    const channel = this.#deps.find(change.channel);
    if (channel === undefined) return;
    this.#listings.get(change.channel)?.changes?.push(change);
    channel.presence.apply(change);
    channel.broadcastPresence({
      type: 'presence-diff',
      channel: change.channel,
      set: change.set,
      left: change.left,
    });
  }

  #stayed(channel: ChannelName, member: SessionId): void {
    const key = keyOf(channel, member);
    this.#lingering.get(key)?.cancel();
    this.#lingering.delete(key);
  }

  #count(channel: ChannelName, member: SessionId, shown: boolean): void {
    const key = keyOf(channel, member);
    if (shown) this.#shown.add(key);
    else this.#shown.delete(key);
    this.#deps.metrics.set('kittiwake_presence_members', this.#shown.size);
  }
}

function keyOf(channel: ChannelName, member: SessionId): string {
  return `${channel}\n${member}`;
}
