import { type Clock, err, every, ok, type Result, type Timer } from '@kittiwake/base';
import type { ChannelName, PresenceEntry, SessionId } from '@kittiwake/protocol';
import type { BrokerFailure } from '../broker.ts';
import type { PresenceChange, PresenceStore } from '../presence-store.ts';
import { PRESENCE_MEMBERS_MAX, type PresenceTiming } from '../presence-timing.ts';
import { readPresenceEntry } from './envelope.ts';
import { unavailable } from './failure-of.ts';
import { expiriesKey, membersKey, PRESENCE_INDEX_KEY, topicOf } from './keys.ts';
import { OwnEntries, type OwnEntry } from './own-entries.ts';
import type { RedisCore } from './redis-core.ts';

/** What the store needs. */
export type RedisPresenceDeps = {
  readonly core: RedisCore;
  readonly clock: Clock;
  readonly timing: PresenceTiming;
};

const WRITE = { operation: 'presence', writes: true } as const;
/** What the script says became of a set. */
const SET = { full: 0, superseded: 2 } as const;
const SWEEP = { channels: 100, members: 1_000 };
const TOUCH_BATCH = 1_000;

/** Presence in Redis: entries with an owner and an expiry; changes travel on the channel's topic (SPEC E1–E4). */
export class RedisPresence implements PresenceStore {
  readonly #core: RedisCore;
  readonly #clock: Clock;
  readonly #timing: PresenceTiming;
  /** By channel, which of its watches it was: one that fails late is not that of a channel that was opened again. */
  readonly #watched = new Map<ChannelName, object>();
  /** What this gateway's members show. */
  readonly #own = new OwnEntries();
  /** Counts the changes that this gateway has made: a connection that was given up may still deliver an earlier one. */
  #changes = 0;
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
    const watch = {};
    this.#watched.set(channel, watch);
    const subscribed = await this.#core.subscriber.subscribe(topicOf(channel), 'presence');
    if (!subscribed.ok && this.#watched.get(channel) === watch) this.#watched.delete(channel);
    return subscribed;
  }

  async unwatch(channel: ChannelName): Promise<void> {
    this.#watched.delete(channel);
    await this.#core.subscriber.unsubscribe(topicOf(channel), 'presence');
  }

  async set(
    channel: ChannelName,
    { member, user, data }: PresenceEntry,
    attempt: number,
  ): Promise<Result<void, BrokerFailure>> {
    const own = { member, attempt, order: this.#nextOrder(), text: JSON.stringify({ member, user, data }) };
    this.#own.ask(channel, own);
    const stored = await this.#put(channel, own);
    if (!stored.ok && stored.error.kind === 'broker_unavailable') this.#own.refused(channel, own);
    else this.#own.accepted(own);
    return stored;
  }

  async remove(channel: ChannelName, member: SessionId): Promise<Result<void, BrokerFailure>> {
    this.#own.remove(channel, member);
    const order = this.#nextOrder();
    const removed = await this.#core.commands.call(WRITE, client =>
      client.run('kwPresenceRemove', [
        membersKey(channel),
        expiriesKey(channel),
        this.#core.instance,
        member,
        topicOf(channel),
        order,
      ]),
    );
    return removed.ok ? ok() : removed;
  }

  async list(channel: ChannelName): Promise<Result<readonly PresenceEntry[], BrokerFailure>> {
    const listed = await this.#core.commands.call({ operation: 'presence', writes: false }, client =>
      client.hashValues(membersKey(channel)),
    );
    if (!listed.ok) return listed;
    // Stored as `owner:attempt:order entry`.
    return ok(listed.value.flatMap(value => readPresenceEntry(value.slice(value.indexOf(' ') + 1)) ?? []));
  }

  async #put(channel: ChannelName, own: OwnEntry): Promise<Result<void, BrokerFailure>> {
    const { member, text, attempt, order } = own;
    const stored = await this.#core.commands.call(WRITE, client =>
      client.run('kwPresenceSet', [
        ...keysOf(channel),
        this.#core.instance,
        this.#timing.ttlMs,
        member,
        text,
        topicOf(channel),
        channel,
        PRESENCE_MEMBERS_MAX,
        attempt,
        order,
      ]),
    );
    if (!stored.ok) return stored;
    // The session goes on elsewhere, and shows what it shows from there.
    if (stored.value === SET.superseded) this.#own.lost(channel, own);
    return stored.value !== SET.full ? ok() : err(unavailable('the channel lists as many members as it may'));
  }

  /** Keeps everything, and sets again what was lost or set back, as a failover does both. */
  async #touchAll(): Promise<void> {
    for (const [channel, members] of this.#own.all())
      for (let start = 0; start < members.length; start += TOUCH_BATCH)
        await this.#touch(channel, members.slice(start, start + TOUCH_BATCH));
  }

  async #touch(channel: ChannelName, members: readonly OwnEntry[]): Promise<void> {
    const touched = await this.#core.commands.call(WRITE, client =>
      client.run('kwPresenceTouch', [
        ...keysOf(channel),
        this.#core.instance,
        this.#timing.ttlMs,
        channel,
        ...members.flatMap(({ member, attempt, order }) => [member, attempt, order]),
      ]),
    );
    if (!touched.ok || !Array.isArray(touched.value)) return;
    const [missing, lost = []] = touched.value as readonly (readonly SessionId[])[];
    const gone = new Set(lost);
    for (const own of members) if (gone.has(own.member)) this.#own.lost(channel, own);
    for (const member of missing ?? []) {
      const own = this.#own.get(channel, member);
      if (own !== undefined) await this.#put(channel, own);
    }
  }

  async #sweep(): Promise<void> {
    await this.#core.commands.call(WRITE, client =>
      client.run('kwPresenceSweep', [PRESENCE_INDEX_KEY, SWEEP.channels, SWEEP.members]),
    );
  }

  #nextOrder(): number {
    this.#changes += 1;
    return this.#changes;
  }
}

function keysOf(channel: ChannelName): readonly string[] {
  return [membersKey(channel), expiriesKey(channel), PRESENCE_INDEX_KEY];
}
