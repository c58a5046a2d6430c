import { type Clock, type Millis, ok, type Result, type Timer } from '@kittiwake/base';
import type { ChannelName, PresenceEntry, SessionId } from '@kittiwake/protocol';
import type { BrokerFailure } from '../broker/broker.ts';
import type { PresenceChange, PresenceStore } from '../broker/presence-store.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { LocalChannel } from './local-channel.ts';
import { PresenceLists } from './presence-lists.ts';
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

/** A connection that shows its member. */
export type Showing = {
  /** As in the store. */
  readonly attempt: number;
  /** Whether it is still there. */
  alive(): boolean;
};

/** Lists that are read again at the same time. */
const LISTS_MAX = 64;

/** Until a list that could not be read is asked for once more. */
const LIST_AGAIN_MS: Millis = 1_000;

/** Keeps the presence of this gateway's channels: one list per channel, brought up to date by changes (SPEC E1–E5). */
export class ChannelPresence {
  readonly #deps: ChannelPresenceDeps;
  readonly #lists: PresenceLists;
  readonly #lingering = new Map<string, Timer>();
  readonly #shown = new Set<string>();
  /** Which connection set last what a member shows, or is about to. */
  readonly #showing = new Map<string, Showing>();
  readonly #gate = new ReadGate(LISTS_MAX);
  /** Whose list is to be read again, and is not yet. */
  readonly #doubted = new Set<LocalChannel>();

  constructor(deps: ChannelPresenceDeps) {
    this.#deps = deps;
    this.#lists = new PresenceLists(deps);
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
    if (channel.rule.presence) void this.#open(channel);
  }

  closed(channel: LocalChannel): void {
    this.#lists.forget(channel);
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
    const listed = await this.#lists.last(channel);
    if (listed.ok) return ok(channel.presence.entries());
    const again = await this.#lists.read(channel);
    return again.ok ? ok(channel.presence.entries()) : again;
  }

  /** Shows the member, or changes what it shows. */
  async set(
    channel: ChannelName,
    entry: PresenceEntry,
    showing: Showing,
  ): Promise<Result<void, BrokerFailure>> {
    const key = keyOf(channel, entry.member);
    this.#stayed(channel, entry.member);
    this.#showing.set(key, showing);
    const set = await this.#deps.store.set(channel, entry, showing.attempt);
    // What may be shown, though nobody knows, has to be taken off the list as well.
    if (set.ok || set.error.kind === 'unknown_outcome') this.#count(channel, entry.member, true);
    else if (!this.#shown.has(key) && this.#showing.get(key) === showing) this.#showing.delete(key);
    return set;
  }

  /**
   * Whether a connection that is there shows the member. An earlier one of the same session may learn later that it is
   * gone, as when its own set took long: it takes nothing off the list.
   */
  isShown(channel: ChannelName, member: SessionId): boolean {
    return this.#showing.get(keyOf(channel, member))?.alive() === true;
  }

  /** Takes the member off the list at once. */
  async remove(channel: ChannelName, member: SessionId): Promise<Result<void, BrokerFailure>> {
    this.#stayed(channel, member);
    this.#count(channel, member, false);
    this.#showing.delete(keyOf(channel, member));
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

  async #open(channel: LocalChannel): Promise<void> {
    const listed = await this.#lists.read(channel);
    if (!listed.ok) this.#doubtLater(channel);
  }

  async #listAgain(channel: LocalChannel): Promise<void> {
    this.#doubted.delete(channel);
    const listed = await this.#lists.read(channel);
    if (channel.phase === 'closed') return;
    if (!listed.ok) return this.#doubtLater(channel);
    channel.broadcastPresence({
      type: 'presence-sync',
      channel: channel.name,
      members: channel.presence.entries(),
    });
  }

  /** Until the list can be read: members that came meanwhile were given none. */
  #doubtLater(channel: LocalChannel): void {
    this.#deps.clock.after(LIST_AGAIN_MS, () => this.doubted(channel));
  }

  #onChange(change: PresenceChange): void {
    const channel = this.#deps.find(change.channel);
    if (channel === undefined) return;
    this.#lists.take(channel, change);
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
