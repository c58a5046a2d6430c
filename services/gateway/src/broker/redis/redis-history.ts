import { err, ok, type Result } from '@kittiwake/base';
import { type ChannelName, type EpochChain, epochAt, type Publication } from '@kittiwake/protocol';
import type { BrokerFailure, HistoryPage, HistoryQuery } from '../broker.ts';
import { parseChain } from '../epoch-chain.ts';
import type { LogState, ResumePlan } from '../resume-plan.ts';
import { planShown } from '../shown-plan.ts';
import { readBody } from './envelope.ts';
import { unavailable } from './failure-of.ts';
import { historyKey, stateKey } from './keys.ts';
import type { Lane } from './lane.ts';

type Query = HistoryQuery & {
  /** Called where the log has entries that nobody is shown yet. */
  readonly onHidden: () => void;
};

/** A consistent look at a log, from an offset that was a guess. */
type Snapshot = {
  readonly state: LogState;
  /** Offset of the last entry that is shown. */
  readonly shownTo: number;
  readonly publications: readonly Publication[];
};

/** Bytes of one page, one entry at least; the reader asks on. */
const PAGE_BYTES_MAX = 1_048_576;
const ENTRIES_MAX = 1_000;

/**
 * Reads what a position is owed. The script looks at the log in one step; where the guess, that the position is of this
 * history, was wrong, it looks again from where the histories part.
 */
export async function readHistory(
  lane: Lane,
  channel: ChannelName,
  query: Query,
): Promise<Result<HistoryPage, BrokerFailure>> {
  const limit = Math.min(query.limit, ENTRIES_MAX);
  let from = query.since === undefined ? undefined : query.since.offset + 1;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const snapshot = await look(lane, channel, { from, limit });
    if (!snapshot.ok) return snapshot;
    const { state, shownTo } = snapshot.value;
    const { plan, ...log } = planShown(state, shownTo, { ...query, limit });
    const publications = planned(snapshot.value.publications, plan);
    if (publications !== undefined) {
      if (shownTo < state.head.offset) query.onHidden();
      return ok({ ...log, resume: plan.resume, publications });
    }
    from = plan.from;
  }
  return err(unavailable('the history cannot be read as a whole'));
}

/** What the plan asks for, as far as it was read; `undefined` where the reading began elsewhere. */
function planned(read: readonly Publication[], plan: ResumePlan): readonly Publication[] | undefined {
  if (plan.from > plan.to) return [];
  const wanted = read.filter(({ position }) => position.offset >= plan.from && position.offset <= plan.to);
  const reachesTheEnd = plan.resume.outcome === 'fresh' && wanted.at(-1)?.position.offset === plan.to;
  return reachesTheEnd || wanted[0]?.position.offset === plan.from ? wanted : undefined;
}

async function look(
  lane: Lane,
  channel: ChannelName,
  range: { readonly from: number | undefined; readonly limit: number },
): Promise<Result<Snapshot, BrokerFailure>> {
  const reply = await lane.call({ operation: 'read', writes: false }, async (client, link) => ({
    link,
    parts: await client.run('kwRead', [
      stateKey(channel),
      historyKey(channel),
      range.from ?? '',
      range.limit,
      PAGE_BYTES_MAX,
    ]),
  }));
  if (!reply.ok) return reply;
  const snapshot = readSnapshot(channel, reply.value.parts, reply.value.link.replid);
  return snapshot === undefined ? err(unavailable('the history is not readable')) : ok(snapshot);
}

function readSnapshot(channel: ChannelName, parts: unknown, replid: string): Snapshot | undefined {
  if (!Array.isArray(parts)) return undefined;
  const [head, chainText, firstKept, entries, shownTo] = parts;
  const chain = typeof chainText === 'string' ? parseChain(chainText) : undefined;
  if (chain === undefined || !Array.isArray(entries)) return undefined;
  const offset = Number(head);
  const epoch = chain.at(-1)?.epoch ?? replid;
  const publications = readEntries(channel, chain, entries);
  return {
    publications,
    shownTo: Number(shownTo),
    state: {
      chain,
      head: { offset, epoch },
      firstKept: Math.max(Number(firstKept), chain[0]?.start ?? 1),
      tailIsLive: epoch.startsWith(replid),
    },
  };
}

/** Offsets and bodies in turn; given newest first, they are turned round. An entry that is not readable ends the run. */
function readEntries(
  channel: ChannelName,
  chain: EpochChain,
  entries: readonly unknown[],
): readonly Publication[] {
  const publications: Publication[] = [];
  for (let index = 0; index + 1 < entries.length; index += 2) {
    const offset = Number(entries[index]);
    const epoch = epochAt(chain, offset);
    const publication =
      epoch === undefined ? undefined : readBody(String(entries[index + 1]), { channel, offset, epoch });
    if (publication === undefined) break;
    publications.push(publication);
  }
  const [first, second] = publications;
  const isNewestFirst =
    first !== undefined && second !== undefined && first.position.offset > second.position.offset;
  return isNewestFirst ? publications.reverse() : publications;
}
