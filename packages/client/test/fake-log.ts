import type {
  EpochChain,
  ErrorKind,
  Position,
  Producer,
  Publication,
  Publish,
  Resume,
} from '@kittiwake/protocol';

/** What a log remembers of an entry besides the entry: who may not store it twice. */
type Stamp = { readonly position: Position; readonly key?: string; readonly producer?: Producer };

/** One channel's history in the fake gateway, with the chain of its epochs: which began at which offset (SPEC B3). */
export type Log = {
  readonly entries: Publication[];
  firstOffset: number;
  chain: EpochChain;
  /** Lost with their entries in a failover, kept when the entries are trimmed. */
  stamps: Stamp[];
};

/** What became of a publish. */
export type Stored =
  | { readonly position: Position; readonly duplicate: boolean }
  | { readonly refused: ErrorKind; readonly expectedSequence?: number; readonly rememberedMs?: number };

/** For how long a producer is said to be remembered. */
export const REMEMBERED_MS = 600_000;

/** A history without entries. */
export function emptyLog(): Log {
  return { entries: [], firstOffset: 1, chain: [{ epoch: 'a', start: 1 }], stamps: [] };
}

/** The epoch in which the log is written now. */
export function epochOf(log: Log): string {
  return log.chain.at(-1)?.epoch ?? 'a';
}

/** Where the log stands. */
export function head(log: Log): Position {
  return log.entries.at(-1)?.position ?? { offset: log.firstOffset - 1, epoch: epochOf(log) };
}

/** Loses the entries from `divergedAt` on, as a failover may; what follows is written in `epoch`. */
export function failOver(log: Log, epoch: string, divergedAt: number): void {
  log.entries.splice(Math.max(0, divergedAt - log.firstOffset));
  log.stamps = log.stamps.filter(({ position }) => position.offset < divergedAt);
  log.chain = [...log.chain.filter(({ start }) => start < divergedAt), { epoch, start: divergedAt }];
}

/** Keeps only the last `kept` entries. */
export function trim(log: Log, kept: number): void {
  log.firstOffset += log.entries.splice(0, Math.max(0, log.entries.length - kept)).length;
}

/** Stores a publish once, and in its producer's order (SPEC P3, P8–P10); `append` writes the entry. */
export function store(
  log: Log,
  { key, producer }: Pick<Publish, 'key' | 'producer'>,
  append: () => Publication,
): Stored {
  const known = producer === undefined ? knownKey(log, key) : judge(log, producer);
  if (known !== undefined) return known;
  const { position } = append();
  log.stamps.push({
    position,
    ...(producer === undefined ? {} : { producer }),
    ...(key === undefined ? {} : { key }),
  });
  return { position, duplicate: false };
}

function knownKey(log: Log, key: string | undefined): Stored | undefined {
  const stamp = log.stamps.find(candidate => key !== undefined && candidate.key === key);
  return stamp && { position: stamp.position, duplicate: true };
}

/** Why a numbered publish is not stored; `undefined` where it is the next one. */
function judge(log: Log, producer: Producer): Stored | undefined {
  const { id, epoch, sequence } = producer;
  const own = log.stamps.filter(stamp => stamp.producer?.id === id);
  if (own.some(stamp => (stamp.producer?.epoch ?? 0) > epoch)) return { refused: 'fenced' };
  const life = own.filter(stamp => stamp.producer?.epoch === epoch);
  const last = life.at(-1)?.producer?.sequence ?? 0;
  const { follows = last === 0 ? 0 : sequence - 1 } = producer;
  if (sequence > last && follows === last) return undefined;
  if (sequence > last)
    return { refused: 'sequence_gap', expectedSequence: last + 1, rememberedMs: REMEMBERED_MS };
  const stamp = life.find(known => known.producer?.sequence === sequence);
  return { position: (stamp ?? life[0])?.position ?? head(log), duplicate: true };
}

/**
 * What a resume from `since` owes, and the first offset of it. The newest history that both know decides: they part
 * where the first of the two leaves it (SPEC C10).
 */
export function resumeOf(
  log: Log,
  since: Position | undefined,
  chain: EpochChain,
): { resume: Resume; from: number } {
  const next = head(log).offset + 1;
  if (since === undefined) return { resume: { outcome: 'fresh' }, from: next };
  if (since.offset === 0) return owed(log, 1);
  const held = chain.length === 0 ? [{ epoch: since.epoch, start: since.offset }] : chain;
  const shared = held.findLastIndex(({ epoch }) => log.chain.some(link => link.epoch === epoch));
  const here = log.chain.findIndex(({ epoch }) => epoch === held[shared]?.epoch);
  if (here === -1) return { resume: { outcome: 'unknown' }, from: next };
  const divergedAt = Math.min(
    held[shared + 1]?.start ?? since.offset + 1,
    log.chain[here + 1]?.start ?? Number.POSITIVE_INFINITY,
  );
  if (since.offset < divergedAt) return owed(log, since.offset + 1);
  if (divergedAt < log.firstOffset) return { resume: { outcome: 'unknown' }, from: next };
  return { resume: { outcome: 'truncated', divergedAt }, from: divergedAt };
}

function owed(log: Log, from: number): { resume: Resume; from: number } {
  const { firstOffset } = log;
  return from < firstOffset
    ? { resume: { outcome: 'trimmed', firstOffset }, from: firstOffset }
    : { resume: { outcome: 'recovered' }, from };
}
