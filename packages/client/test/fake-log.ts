import type { Position, Publication, Resume } from '@kittiwake/protocol';

/** One channel's history in the fake gateway. */
export type Log = {
  epoch: string;
  readonly entries: Publication[];
  firstOffset: number;
  readonly keys: Map<string, Position>;
};

/** Where the log stands. */
export function head(log: Log): Position {
  return log.entries.at(-1)?.position ?? { offset: log.firstOffset - 1, epoch: log.epoch };
}

/** What a resume from `since` owes, and the first offset of it. */
export function resumeOf(log: Log, since: Position | undefined): { resume: Resume; from: number } {
  const next = head(log).offset + 1;
  if (since === undefined) return { resume: { outcome: 'fresh' }, from: next };
  const own = log.entries.find(entry => entry.position.offset === since.offset);
  const diverged = since.offset >= next || (own !== undefined && own.position.epoch !== since.epoch);
  if (diverged) {
    const divergedAt = log.entries.find(entry => entry.position.epoch === log.epoch)?.position.offset ?? next;
    return { resume: { outcome: 'truncated', divergedAt }, from: divergedAt };
  }
  if (since.offset + 1 < log.firstOffset)
    return { resume: { outcome: 'trimmed', firstOffset: log.firstOffset }, from: log.firstOffset };
  return { resume: { outcome: 'recovered' }, from: since.offset + 1 };
}
