import { err, ok, type Result } from '@kittiwake/base';
import { type EpochChain, epochAt, type Position } from '@kittiwake/protocol';
import type { BrokerFailure, HistoryPage } from '../broker/broker.ts';
import type { Joining, LocalChannel } from './local-channel.ts';
import type { PastReader } from './past-reader.ts';
import type { Replay } from './recent-past.ts';
import type { SharedPast } from './shared-past.ts';

/** What reading a replay needs. */
export type ReplayRequest = {
  readonly channel: LocalChannel;
  readonly joining: Joining;
  readonly past: Pick<PastReader, 'page'>;
  readonly shared: Pick<SharedPast, 'replay' | 'load'>;
  readonly streams: { repair(channel: LocalChannel): Promise<void> };
  readonly since: Position | undefined;
  /** The epochs of what the member holds, as it says (SPEC C10). */
  readonly chain: EpochChain | undefined;
  /** Asked before each page: for whoever has gone meanwhile nothing more is read. */
  wanted(): boolean;
  /**
   * Called once, where it succeeds: in this very turn the replay ends at the cursor. A moment later the stream may have
   * gone on, and nobody would keep for the member what it brought.
   */
  enter(replay: Replay): void;
};

const ATTEMPTS_MAX = 5;
/** Attempts to read together with others who come back. */
const SHARED_ATTEMPTS_MAX = 2;
const PAGES_MAX = 512;

/**
 * Reads what a member that was at `since` is owed, so that it ends exactly where the live stream goes on.
 *
 *     log      …p────────────c₀          read pages (p, c₀]
 *     live                    c₀──────c  kept in `joining.missed` while the pages are read
 *     member   …p────────────c₀──────c   enters here, in the same turn
 *
 * When the history changes underneath, or too much is missed, it starts anew. Nothing is read where others came back to
 * the channel lately and what they were given is at hand (SPEC C12).
 */
export async function readReplay(request: ReplayRequest): Promise<Result<void, BrokerFailure>> {
  const { channel, joining, shared, since, enter } = request;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    await settled(request, attempt);
    if (since === undefined) {
      enter({ resume: { outcome: 'fresh' }, publications: [] });
      return ok();
    }
    const known = shared.replay(channel, since);
    if (known !== undefined) {
      enter(known);
      return ok();
    }
    if (attempt < SHARED_ATTEMPTS_MAX && (await shared.load(channel, since))) continue;
    joining.missed.length = 0;
    joining.stale = false;
    const start = channel.cursor;
    const past = await readPast(request, start);
    if (!past.ok) return past;
    if (!joining.stale && past.value !== undefined && channel.phase !== 'closed') {
      enter({ ...past.value, publications: [...past.value.publications, ...joining.missed] });
      return ok();
    }
  }
  return err({
    kind: 'broker_unavailable',
    message: 'the history of the channel keeps changing',
    retryAfterMs: 1_000,
  });
}

/**
 * Waits until the channel is not being compared with the log. A member may be ahead of this gateway, as when it comes
 * from one that heard a publication sooner: then the gateway catches up first, so that nothing is delivered twice.
 */
async function settled({ channel, streams, since }: ReplayRequest, attempt: number): Promise<void> {
  if (attempt === 0 && since !== undefined && since.offset > channel.cursor.offset)
    await streams.repair(channel);
  while (channel.phase === 'repairing') await streams.repair(channel);
}

/**
 * Pages of (since, end]; `undefined` where the log does not have `end`, so that our own cursor is in doubt, where the
 * member is ahead of `end`, or where the log is another one between two pages.
 */
async function readPast(
  request: ReplayRequest,
  end: Position,
): Promise<Result<Replay | undefined, BrokerFailure>> {
  const { channel, past, wanted } = request;
  let replay: Replay | undefined;
  let from: Pick<ReplayRequest, 'since' | 'chain'> = request;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    if (!wanted()) return ok({ resume: { outcome: 'fresh' }, publications: [] });
    const page = await past.page(channel, from, pages);
    if (!page.ok) return page;
    if (!has(page.value, end) || (replay === undefined && isAhead(page.value, request, end))) {
      void request.streams.repair(channel);
      return ok(undefined);
    }
    replay = withPage(replay, page.value, end);
    const last = page.value.publications.at(-1);
    if (replay === undefined || last === undefined || last.position.offset >= end.offset) return ok(replay);
    from = { since: last.position, chain: undefined };
  }
  return err({
    kind: 'broker_unavailable',
    message: 'the history is longer than one resume may read',
    retryAfterMs: 1_000,
  });
}

/** The replay with one more page; what was trimmed between two pages takes what came before it along. */
function withPage(former: Replay | undefined, page: HistoryPage, end: Position): Replay | undefined {
  const publications = page.publications.filter(({ position }) => position.offset <= end.offset);
  if (former === undefined) return { resume: page.resume, publications };
  switch (page.resume.outcome) {
    case 'recovered':
      return { ...former, publications: [...former.publications, ...publications] };
    case 'trimmed':
      // Whoever has to drop something and cannot be given what replaces it cannot be made whole.
      return former.resume.outcome === 'truncated'
        ? { resume: { outcome: 'unknown' }, publications: [] }
        : { resume: page.resume, publications };
    default:
      return undefined;
  }
}

/** Whether the log has what stands at `position`. */
function has({ head, chain }: HistoryPage, position: Position): boolean {
  if (position.offset === 0) return true;
  const epoch = epochAt(chain, position.offset);
  return position.offset <= head.offset && (epoch === undefined || epoch === position.epoch);
}

/**
 * Whether the member holds entries that this gateway is not shown yet: they were shown under a primary that was lost
 * before its replica knew of it, and would be given to the member again once they are shown anew (SPEC C11).
 */
function isAhead({ resume }: HistoryPage, { since }: ReplayRequest, end: Position): boolean {
  if (resume.outcome === 'truncated') return resume.divergedAt - 1 > end.offset;
  return resume.outcome === 'recovered' && since !== undefined && since.offset > end.offset;
}
