import { type Clock, type Millis, SingleFlight } from '@kittiwake/base';
import type { Position } from '@kittiwake/protocol';
import type { Broker, HistoryPage } from '../broker/broker.ts';
import type { Joining, LocalChannel } from './local-channel.ts';
import { isOf, RecentPast, type Replay } from './recent-past.ts';

/** What sharing the past needs. */
export type SharedPastDeps = { readonly broker: Pick<Broker, 'read'>; readonly clock: Clock };

/** How long a past is held after it was read, unless the history keeps less; for so long a member may be given what it dropped. */
const HELD_MS: Millis = 10_000;
/** Channels whose past is held at a time; members of others read for themselves. */
const CHANNELS_MAX = 64;
/** What Redis keeps beyond the size of a history, as it trims whole nodes. */
const SLACK = 128;
const PUBLICATIONS_MAX = 1_000;
const BYTES_MAX = 1_048_576;

/**
 * Reads the past of a channel once for all who come back to it (SPEC C12). The first one reads what it needs and nothing
 * else, as most do who come alone; with the second one within a while the newest part of the history is read, and held.
 */
export class SharedPast {
  readonly #deps: SharedPastDeps;
  readonly #reads = new SingleFlight<LocalChannel, boolean>();
  /** Channels that somebody came back to lately; bounded by the members that came within that time. */
  readonly #askedFor = new Set<LocalChannel>();
  #held = 0;

  constructor(deps: SharedPastDeps) {
    this.#deps = deps;
  }

  /** What is owed since a position, where that is known here and now. */
  replay(channel: LocalChannel, since: Position): Replay | undefined {
    if (channel.phase !== 'live') return undefined;
    const { position, chain } = channel.standing;
    if (since.offset === position.offset && isOf(since, chain))
      return { resume: { outcome: 'recovered' }, publications: [] };
    return channel.past?.owedTo(since, channel.standing);
  }

  /** Reads the past, where others came back lately as well; true where it is held now. */
  async load(channel: LocalChannel): Promise<boolean> {
    if (channel.past !== undefined) return true;
    if (!this.#askedFor.has(channel)) {
      this.#askedFor.add(channel);
      this.#deps.clock.after(HELD_MS, () => this.#askedFor.delete(channel));
      return false;
    }
    return this.#reads.run(channel, () => this.#read(channel));
  }

  async #read(channel: LocalChannel): Promise<boolean> {
    if (this.#held >= CHANNELS_MAX) return false;
    const meanwhile = channel.beginJoining();
    try {
      const start = channel.cursor;
      const { size } = channel.rule.history;
      const publicationsMax = size === 0 ? 0 : Math.min(PUBLICATIONS_MAX, size + SLACK);
      const page = await this.#deps.broker.read(channel.name, { limit: publicationsMax });
      const past = page.ok ? pastOf(channel, { start, page: page.value, meanwhile }) : undefined;
      if (past === undefined) return false;
      this.#hold(channel, new RecentPast(past, { publicationsMax, bytesMax: BYTES_MAX }));
      return true;
    } finally {
      channel.endJoining(meanwhile);
    }
  }

  #hold(channel: LocalChannel, past: RecentPast): void {
    channel.hold(past);
    this.#held += 1;
    this.#deps.clock.after(Math.min(HELD_MS, channel.rule.history.ageMs), () => {
      this.#held -= 1;
      channel.letGo(past);
    });
  }
}

/**
 * The page, and what went to the members while it was read, as one piece up to the cursor; `undefined` where the log is not
 * the one that the members have seen, which whoever reads for himself finds out.
 *
 *     log      f────────────────h        read at some moment of
 *     live               start──────c    this
 */
function pastOf(
  channel: LocalChannel,
  read: { readonly start: Position; readonly page: HistoryPage; readonly meanwhile: Joining },
): ConstructorParameters<typeof RecentPast>[0] | undefined {
  const { start, page, meanwhile } = read;
  if (channel.phase !== 'live' || meanwhile.stale) return undefined;
  if (start.offset > page.head.offset || !isOf(start, page.chain)) return undefined;
  const cursor = channel.cursor.offset;
  const before = page.publications.filter(({ position }) => position.offset <= cursor);
  const after = meanwhile.missed.filter(({ position }) => position.offset > page.head.offset);
  const first = page.publications[0]?.position.offset ?? page.head.offset + 1;
  // A gateway that is far behind its log: it catches up first.
  if (first > cursor + 1) return undefined;
  return { publications: [...before, ...after], first, isAll: first === page.firstKept };
}
