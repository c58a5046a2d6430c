/** What can be wrong, or is worth counting. Each but the two `lost-…` is a broken promise wherever it is found. */
export const FINDING_KINDS = [
  /** Acknowledged at this level, and in no surviving log. */
  'lost-primary',
  'lost-replicated',
  /** Acknowledged, lost, and no client was told of it. */
  'untold-loss',
  /** Acknowledged, lost, and not published again where the SDK was to do that. */
  'not-republished',
  /** Shown to a client before a replica held it, and lost, where nothing is to be shown before. */
  'shown-too-soon',
  /** A client holds something that is not in the surviving log, and was told nothing. */
  'silent-loss',
  /** A client was told of a loss from another offset than the first one that it lost. */
  'wrong-offset',
  /** A client that lost something was told `unknown`: all is in doubt, no offset is named. */
  'without-offset',
  /** A client was told to drop or to read anew, and had lost nothing. */
  'false-resync',
  /** A client was told that something is no longer kept. A drill keeps everything. */
  'trimmed',
  'duplicate',
  'reordering',
  /** A client was handed an offset that does not follow, and was not told why. */
  'hole',
  /** A client was handed other data than the log has there, or than another client got. */
  'other-data',
  /** A client had not everything that the log has when nobody published any more. */
  'behind',
  /** A publish whose outcome stayed unknown, however often it was repeated. */
  'unsettled',
  /** One publish, stored at two offsets of one log. */
  'stored-twice',
  /** Refused for certain, and in the log all the same. */
  'rejected-yet-stored',
  /** The log has another publish at the position that was acknowledged. */
  'misplaced-ack',
  /** The log was not read far enough back to check something: a mistake of the drill. */
  'unchecked',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** One finding, or several of one kind in one place. */
export type Finding = {
  readonly kind: FindingKind;
  readonly count: number;
  readonly channel: string;
  readonly client?: string;
  /** Offsets and epochs, for whoever looks into it. */
  readonly detail: string;
};

/** Findings by kind, all at zero where none is given. */
export type Counts = { readonly [K in FindingKind]: number };

/** Sums findings up. */
export function countFindings(findings: readonly Finding[]): Counts {
  const counts = Object.fromEntries(FINDING_KINDS.map(kind => [kind, 0])) as { [K in FindingKind]: number };
  for (const { kind, count } of findings) counts[kind] += count;
  return counts;
}

/** The sum of two. */
export function addCounts(one: Counts, other: Counts): Counts {
  return Object.fromEntries(FINDING_KINDS.map(kind => [kind, one[kind] + other[kind]])) as Counts;
}
