import type { Position, Publication, Resume } from '@kittiwake/protocol';

/** One channel's history in the fake gateway, with the chain of its epochs: which began at which offset (SPEC B3). */
export type Log = {
  readonly entries: Publication[];
  firstOffset: number;
  chain: { readonly epoch: string; readonly from: number }[];
  readonly keys: Map<string, Position>;
};

/** A history without entries. */
export function emptyLog(): Log {
  return { entries: [], firstOffset: 1, chain: [{ epoch: 'a', from: 0 }], keys: new Map() };
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
  const lost = log.entries.splice(Math.max(0, divergedAt - log.firstOffset));
  for (const { position } of lost) {
    for (const [key, { offset }] of log.keys) if (offset === position.offset) log.keys.delete(key);
  }
  log.chain = [...log.chain.filter(({ from }) => from < divergedAt), { epoch, from: divergedAt }];
}

/** What a resume from `since` owes, and the first offset of it. */
export function resumeOf(log: Log, since: Position | undefined): { resume: Resume; from: number } {
  const next = head(log).offset + 1;
  if (since === undefined) return { resume: { outcome: 'fresh' }, from: next };
  const known = log.chain.findIndex(({ epoch }) => epoch === since.epoch);
  if (known === -1) return { resume: { outcome: 'unknown' }, from: next };
  const divergedAt = log.chain[known + 1]?.from ?? Number.POSITIVE_INFINITY;
  const from = Math.min(since.offset + 1, divergedAt);
  if (from < log.firstOffset)
    return { resume: { outcome: 'trimmed', firstOffset: log.firstOffset }, from: log.firstOffset };
  if (since.offset >= divergedAt) return { resume: { outcome: 'truncated', divergedAt }, from };
  return { resume: { outcome: 'recovered' }, from };
}
