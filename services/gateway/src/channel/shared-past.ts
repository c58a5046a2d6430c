import { type Bytes, type Clock, type Millis, SingleFlight } from '@kittiwake/base';
import type { Position, Publication } from '@kittiwake/protocol';
import type { LocalChannel } from './local-channel.ts';
import type { PastReader } from './past-reader.ts';
import { bytesOf, isOf, type PieceOfPast, RecentPast, type Replay } from './recent-past.ts';

/** What sharing the past needs. */
export type SharedPastDeps = { readonly past: Pick<PastReader, 'page'>; readonly clock: Clock };

/** How long a past is held after it was read, unless the history keeps less; for so long a member may be given what it dropped. */
const HELD_MS: Millis = 10_000;
/** Channels whose past is held at a time; members of others read for themselves. */
const CHANNELS_MAX = 64;
/** What Redis keeps beyond the size of a history, as it trims whole nodes. */
const SLACK = 128;
/** Of one channel; what is longer every member reads for itself. */
const PUBLICATIONS_MAX = 8_192;
const BYTES_MAX: Bytes = 8_388_608;
/** Of all channels together when one more is held; each may grow a little until it is let go. */
const ALL_BYTES_MAX: Bytes = 33_554_432;

/**
 * Reads the past of a channel once for all who come back to it (SPEC C12): from where the first of them is, and then, for
 * those who were away for longer, what was before that. So whoever comes alone reads what it needs and nothing else, and
 * what many are owed is read, kept and encoded once.
 */
export class SharedPast {
  readonly #deps: SharedPastDeps;
  readonly #reads = new SingleFlight<LocalChannel, boolean>();
  /** The earliest position from which somebody waits for a read that has not begun. */
  readonly #wanted = new WeakMap<LocalChannel, Position>();
  readonly #held = new Set<RecentPast>();
  /** Channels of which lately more was owed than is held; bounded by the members that came within that time. */
  readonly #tooLong = new Set<LocalChannel>();

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

  /** Reads the past since a position, or waits for a read that is under way; false where that is not for sharing. */
  load(channel: LocalChannel, since: Position): Promise<boolean> {
    const { position, chain } = channel.standing;
    const isShared = channel.phase === 'live' && since.offset <= position.offset && isOf(since, chain);
    if (!isShared || this.#tooLong.has(channel)) return Promise.resolve(false);
    const wanted = this.#wanted.get(channel);
    if (wanted === undefined || since.offset < wanted.offset) this.#wanted.set(channel, since);
    return this.#reads.run(channel, () => this.#read(channel, since));
  }

  async #read(channel: LocalChannel, asked: Position): Promise<boolean> {
    const from = this.#wanted.get(channel) ?? asked;
    this.#wanted.delete(channel);
    const former = channel.past;
    if (former === undefined && this.#held.size >= CHANNELS_MAX) return false;
    const meanwhile = channel.beginJoining();
    try {
      const end = former === undefined ? channel.cursor.offset : former.first - 1;
      const piece = from.offset > end ? undefined : await this.#pieceOf(channel, from, end);
      if (piece === undefined || meanwhile.stale || channel.phase !== 'live') return from.offset > end;
      if (channel.past !== former) return false;
      if (former === undefined)
        return this.#hold(channel, { ...piece, publications: [...piece.publications, ...meanwhile.missed] });
      former.extend(piece);
      return former.first === piece.first;
    } finally {
      channel.endJoining(meanwhile);
    }
  }

  /** Everything of (from, end] that the log has; `undefined` where it is not the log that the members have seen. */
  async #pieceOf(channel: LocalChannel, from: Position, end: number): Promise<PieceOfPast | undefined> {
    const publications: Publication[] = [];
    let piece = { first: from.offset + 1, isAll: false };
    let since = from;
    for (let bytes = 0, pages = 0; ; pages += 1) {
      const { cursor } = channel;
      const page = await this.#deps.past.page(channel, { since }, pages);
      if (!page.ok) return undefined;
      const { resume, head, chain } = page.value;
      if (cursor.offset > head.offset || !isOf(cursor, chain)) return undefined;
      if (resume.outcome === 'trimmed') {
        publications.length = 0;
        piece = { first: resume.firstOffset, isAll: true };
      } else if (resume.outcome !== 'recovered') return undefined;
      const read = page.value.publications.filter(({ position }) => position.offset <= end);
      publications.push(...read);
      const last = read.at(-1)?.position;
      if (last === undefined || last.offset === end) break;
      since = last;
      bytes += bytesOf(read);
      if (bytes > BYTES_MAX || publications.length > PUBLICATIONS_MAX) return this.#isTooLong(channel);
    }
    return piece.first + publications.length === end + 1 ? { ...piece, publications } : undefined;
  }

  #isTooLong(channel: LocalChannel): undefined {
    this.#tooLong.add(channel);
    this.#deps.clock.after(HELD_MS, () => this.#tooLong.delete(channel));
  }

  /** Holds the past for a while, where there is room for it. */
  #hold(channel: LocalChannel, piece: PieceOfPast): boolean {
    const { size, ageMs } = channel.rule.history;
    const publicationsMax = size === 0 ? 0 : Math.min(PUBLICATIONS_MAX, size + SLACK);
    const past = new RecentPast(piece, { publicationsMax, bytesMax: BYTES_MAX });
    const heldBytes = [...this.#held].reduce((sum, { bytes }) => sum + bytes, past.bytes);
    if (heldBytes > ALL_BYTES_MAX) return false;
    channel.hold(past);
    this.#held.add(past);
    this.#deps.clock.after(Math.min(HELD_MS, ageMs), () => {
      this.#held.delete(past);
      channel.letGo(past);
    });
    return true;
  }
}
