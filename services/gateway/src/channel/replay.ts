import { err, ok, type Result } from '@kittiwake/base';
import type { Position, Publication, Resume } from '@kittiwake/protocol';
import type { Broker, BrokerFailure } from '../broker/broker.ts';
import type { Joining, LocalChannel } from './local-channel.ts';

/** What a resume owes: read from the log up to the channel's cursor, then what went to the others meanwhile. */
export type Replay = { readonly resume: Resume; readonly publications: readonly Publication[] };

/** What reading a replay needs. */
export type ReplayRequest = {
  readonly channel: LocalChannel;
  readonly joining: Joining;
  readonly broker: Pick<Broker, 'read'>;
  readonly streams: { repair(channel: LocalChannel): Promise<void> };
  readonly since: Position | undefined;
};

const ATTEMPTS_MAX = 5;
const PAGES_MAX = 64;

/**
 * Reads what a member that was at `since` is owed, so that it ends exactly where the live stream goes on.
 *
 *     log      …p────────────c₀          read pages (p, c₀]
 *     live                    c₀──────c  kept in `joining.missed` while the pages are read
 *     member   …p────────────c₀──────c   attached here, in the same turn
 *
 * When the history changes underneath, or too much is missed, it starts anew.
 */
export async function readReplay(request: ReplayRequest): Promise<Result<Replay, BrokerFailure>> {
  const { channel, joining, since } = request;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    await settled(request, attempt);
    if (since === undefined) return ok({ resume: { outcome: 'fresh' }, publications: [] });
    joining.missed.length = 0;
    joining.stale = false;
    const start = channel.cursor;
    const past = await readPast(request, since, start);
    if (!past.ok) return past;
    if (!joining.stale && past.value !== undefined && channel.phase !== 'closed') {
      return ok({ ...past.value, publications: [...past.value.publications, ...joining.missed] });
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

/** Pages of (since, end]; `undefined` where the log does not reach `end`, so that our own cursor is in doubt. */
async function readPast(
  request: ReplayRequest,
  since: Position,
  end: Position,
): Promise<Result<Replay | undefined, BrokerFailure>> {
  const { channel, broker } = request;
  const publications: Publication[] = [];
  let resume: Resume | undefined;
  let from = since;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await broker.read(channel.name, {
      since: from,
      limit: Math.max(channel.rule.history.size, 1),
    });
    if (!page.ok) return page;
    resume ??= page.value.resume;
    if (page.value.head.offset < end.offset) {
      void request.streams.repair(channel);
      return ok(undefined);
    }
    publications.push(
      ...page.value.publications.filter(publication => publication.position.offset <= end.offset),
    );
    const last = page.value.publications.at(-1);
    if (last === undefined || last.position.offset >= end.offset) return ok({ resume, publications });
    from = last.position;
  }
  return err({
    kind: 'broker_unavailable',
    message: 'the history is longer than one resume may read',
    retryAfterMs: 1_000,
  });
}
