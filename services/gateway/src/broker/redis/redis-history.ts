import { type Bytes, err, ok, type Result } from '@kittiwake/base';
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

/** Bytes of one page, where the reader does not ask for less; one entry at least. The reader asks on. */
const PAGE_BYTES_MAX = 1_048_576;
const ENTRIES_MAX = 1_000;

/**
 * Reads what a position is owed. The script looks at the log in one step; where the guess, that the position is of this
 * history, was wrong, it looks again from where the histories part. A script that was stopped half-way leaves an offset
 * without an entry; whoever needs it is told that it is not kept, and goes on behind it.
 */
export async function readHistory(
  lane: Lane,
  channel: ChannelName,
  query: Query,
): Promise<Result<HistoryPage, BrokerFailure>> {
  const limit = Math.min(query.limit, ENTRIES_MAX);
  const bytesMax = Math.min(query.bytesMax ?? PAGE_BYTES_MAX, PAGE_BYTES_MAX);
  let from = query.since === undefined ? undefined : query.since.offset + 1;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const snapshot = await look(lane, channel, { from, limit, bytesMax });
    if (!snapshot.ok) return snapshot;
    const { state, shownTo, publications } = snapshot.value;
    const { plan, ...log } = planShown(state, shownTo, { ...query, limit });
    if (from === undefined || from === plan.from || plan.from > plan.to) {
      if (shownTo < state.head.offset) query.onHidden();
      const firstKept = Math.min(state.firstKept, shownTo + 1);
      return ok({ ...log, firstKept, ...owed(plan, publications, log.head.offset) });
    }
    from = plan.from;
  }
  return err(unavailable('the history keeps changing'));
}

/** What the plan asks for, as far as it was read and is there. */
function owed(
  { resume, from, to }: ResumePlan,
  read: readonly Publication[],
  head: number,
): Pick<HistoryPage, 'resume' | 'publications'> {
  if (from > to) return { resume, publications: [] };
  if (resume.outcome === 'fresh') return { resume, publications: lastRun(read) };
  const publications = firstRun(read).filter(({ position }) => position.offset <= to);
  const first = publications[0]?.position.offset ?? head + 1;
  if (first === from) return { resume, publications };
  // What would have to replace the lost entries is not there: the reader could not be made whole.
  if (resume.outcome === 'truncated') return { resume: { outcome: 'unknown' }, publications: [] };
  return { resume: { outcome: 'trimmed', firstOffset: first }, publications };
}

/** The entries up to the first offset that is not there. */
function firstRun(read: readonly Publication[]): readonly Publication[] {
  const end = read.findIndex((one, index) => index > 0 && !follows(read[index - 1], one));
  return end === -1 ? read : read.slice(0, end);
}

/** The entries from the last offset on before which one is not there. */
function lastRun(read: readonly Publication[]): readonly Publication[] {
  const start = read.findLastIndex((one, index) => index > 0 && !follows(read[index - 1], one));
  return start === -1 ? read : read.slice(start);
}

function follows(former: Publication | undefined, one: Publication): boolean {
  return former !== undefined && one.position.offset === former.position.offset + 1;
}

async function look(
  lane: Lane,
  channel: ChannelName,
  range: { readonly from: number | undefined; readonly limit: number; readonly bytesMax: Bytes },
): Promise<Result<Snapshot, BrokerFailure>> {
  const reply = await lane.call({ operation: 'read', writes: false }, async (client, link) => ({
    link,
    parts: await client.run('kwRead', [
      stateKey(channel),
      historyKey(channel),
      range.from ?? '',
      range.limit,
      range.bytesMax,
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

/** Offsets and bodies in turn; given newest first, they are turned round. An entry that is not readable is as good as not there. */
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
    if (publication !== undefined) publications.push(publication);
  }
  const [first, second] = publications;
  const isNewestFirst =
    first !== undefined && second !== undefined && first.position.offset > second.position.offset;
  return isNewestFirst ? publications.reverse() : publications;
}
