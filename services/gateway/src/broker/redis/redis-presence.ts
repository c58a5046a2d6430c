import { type Clock, err, every, ok, type Result, type Timer } from '@kittiwake/base';
import type { ChannelName, PresenceEntry, SessionId } from '@kittiwake/protocol';
import type { BrokerFailure } from '../broker.ts';
import type { PresenceChange, PresenceStore } from '../presence-store.ts';
import { PRESENCE_MEMBERS_MAX, type PresenceTiming } from '../presence-timing.ts';
import { readPresenceEntry } from './envelope.ts';
import { unavailable } from './failure-of.ts';
import { expiriesKey, membersKey, PRESENCE_INDEX_KEY, topicOf } from './keys.ts';
import type { RedisCore } from './redis-core.ts';

/** What the store needs. */
export type RedisPresenceDeps = {
  readonly core: RedisCore;
  readonly clock: Clock;
  readonly timing: PresenceTiming;
};

const WRITE = { operation: 'presence', writes: true } as const;
const SWEEP = { channels: 100, members: 1_000 };
const TOUCH_BATCH = 1_000;

/** Presence in Redis: entries with an owner and an expiry; changes travel on the channel's topic (SPEC E1–E4). */
export class RedisPresence implements PresenceStore {
  readonly #core: RedisCore;
  readonly #clock: Clock;
  readonly #timing: PresenceTiming;
  readonly #watched = new Set<ChannelName>();
  /** What this gateway's members show. */
  readonly #own = new Map<ChannelName, Map<SessionId, PresenceEntry>>();
  #endings: readonly (() => void)[] = [];
  #timers: readonly Timer[] = [];

  constructor({ core, clock, timing }: RedisPresenceDeps) {
    this.#core = core;
    this.#clock = clock;
    this.#timing = timing;
  }

  async start(onChange: (change: PresenceChange) => void): Promise<void> {
    if (this.#endings.length > 0) return;
    this.#endings = [
      this.#core.subscriber.listen({
        onRecord: record => {
          if (record.kind === 'presence' && this.#watched.has(record.change.channel)) onChange(record.change);
        },
        onResubscribed: () => {},
      }),
      // Another primary, or a database that was emptied, may have lost entries: they are put back at once, not when they are next due.
      this.#core.commands.listen({ onUp: () => void this.#touchAll(), onDown: () => {} }),
      this.#core.tails.listen({
        onEmptied: () => void this.#touchAll(),
        onDoubt: () => {},
        onHidden: () => {},
      }),
    ];
    this.#core.acquire();
    this.#timers = [
      every(this.#clock, this.#timing.touchEveryMs, () => void this.#touchAll()),
      every(this.#clock, this.#timing.sweepEveryMs, () => void this.#sweep()),
    ];
  }

  /** Its entries stay until they expire, as those of a gateway that died. */
  async stop(): Promise<void> {
    if (this.#endings.length === 0) return;
    for (const end of this.#endings) end();
    this.#endings = [];
    for (const timer of this.#timers) timer.cancel();
    this.#watched.clear();
    this.#own.clear();
    await this.#core.release();
  }

  async watch(channel: ChannelName): Promise<Result<void, BrokerFailure>> {
    this.#watched.add(channel);
    const subscribed = await this.#core.subscriber.subscribe(topicOf(channel), 'presence');
    if (!subscribed.ok) this.#watched.delete(channel);
    return subscribed;
  }

  async unwatch(channel: ChannelName): Promise<void> {
    this.#watched.delete(channel);
    await this.#core.subscriber.unsubscribe(topicOf(channel), 'presence');
  }

  async set(channel: ChannelName, entry: PresenceEntry): Promise<Result<void, BrokerFailure>> {
    const members = this.#own.get(channel) ?? new Map<SessionId, PresenceEntry>();
    this.#own.set(channel, members.set(entry.member, entry));
    const stored = await this.#put(channel, entry);
    if (!stored.ok && stored.error.kind === 'broker_unavailable') this.#disown(channel, entry.member);
    return stored;
  }

  async remove(channel: ChannelName, member: SessionId): Promise<Result<void, BrokerFailure>> {
    this.#disown(channel, member);
    const removed = await this.#core.commands.call(WRITE, client =>
      client.run('kwPresenceRemove', [
        membersKey(channel),
        expiriesKey(channel),
        this.#core.instance,
        member,
        topicOf(channel),
      ]),
    );
    return removed.ok ? ok() : removed;
  }

  async list(channel: ChannelName): Promise<Result<readonly PresenceEntry[], BrokerFailure>> {
    const listed = await this.#core.commands.call({ operation: 'presence', writes: false }, client =>
      client.hashValues(membersKey(channel)),
    );
    if (!listed.ok) return listed;
    return ok(listed.value.flatMap(value => readPresenceEntry(value.slice(value.indexOf(' ') + 1)) ?? []));
  }

  async #put(channel: ChannelName, entry: PresenceEntry): Promise<Result<void, BrokerFailure>> {
    const stored = await this.#core.commands.call(WRITE, client =>
      client.run('kwPresenceSet', [
        ...keysOf(channel),
        this.#core.instance,
        this.#timing.ttlMs,
        entry.member,
        JSON.stringify({ member: entry.member, user: entry.user, data: entry.data }),
        topicOf(channel),
        channel,
        PRESENCE_MEMBERS_MAX,
      ]),
    );
    if (!stored.ok) return stored;
    return stored.value === 1 ? ok() : err(unavailable('the channel lists as many members as it may'));
  }

  async #touchAll(): Promise<void> {
    for (const [channel, members] of [...this.#own]) {
      const ids = [...members.keys()];
      for (let start = 0; start < ids.length; start += TOUCH_BATCH)
        await this.#touch(channel, ids.slice(start, start + TOUCH_BATCH));
    }
  }

  async #touch(channel: ChannelName, members: readonly SessionId[]): Promise<void> {
    const touched = await this.#core.commands.call(WRITE, client =>
      client.run('kwPresenceTouch', [
        ...keysOf(channel),
        this.#core.instance,
        this.#timing.ttlMs,
        channel,
        ...members,
      ]),
    );
    if (!touched.ok || !Array.isArray(touched.value)) return;
    const [missing, lost] = touched.value as readonly (readonly SessionId[])[];
    for (const member of lost ?? []) this.#disown(channel, member);
    for (const member of missing ?? []) {
      const entry = this.#own.get(channel)?.get(member);
      if (entry !== undefined) await this.#put(channel, entry);
    }
  }

  async #sweep(): Promise<void> {
    await this.#core.commands.call(WRITE, client =>
      client.run('kwPresenceSweep', [PRESENCE_INDEX_KEY, SWEEP.channels, SWEEP.members]),
    );
  }

  #disown(channel: ChannelName, member: SessionId): void {
    const members = this.#own.get(channel);
    members?.delete(member);
    if (members?.size === 0) this.#own.delete(channel);
  }
}

function keysOf(channel: ChannelName): readonly string[] {
  return [membersKey(channel), expiriesKey(channel), PRESENCE_INDEX_KEY];
}
