import type { RoundVerdict } from '../checker/checker.ts';
import type { FindingKind } from '../checker/finding.ts';
import type { DrillKind } from '../drill-options.ts';
import { type DrillTotals, quantile } from './drill-result.ts';

/** A figure of a drill beside its limit; without one it is only told. */
export type Figure = {
  readonly what: string;
  readonly value: number;
  readonly unit?: string;
  readonly atMost?: number;
};

/** Whether a figure keeps to its limit. */
export function isKept({ value, atMost }: Figure): boolean {
  return atMost === undefined || value <= atMost;
}

/** What must be nought, in the words of the report. */
const NONE: readonly (readonly [what: string, kinds: readonly FindingKind[]])[] = [
  ['lost at level `replicated`', ['lost-replicated']],
  ['lost at any level, and no client was told', ['untold-loss', 'silent-loss']],
  ['acknowledged, lost, and not published again where the SDK was to', ['not-republished']],
  ['shown before a replica held it, and lost, where nothing may be', ['shown-too-soon']],
  ['told of a loss with a wrong offset, or with none', ['wrong-offset', 'without-offset']],
  ['told to drop or read anew without need', ['false-resync', 'trimmed']],
  ['duplicates seen by a client', ['duplicate']],
  ['reorderings seen by a client', ['reordering']],
  ['holes that a client was not told of', ['hole']],
  ['other data than the log has', ['other-data']],
  ['not there when all was quiet', ['behind']],
  ['publishes whose outcome stayed unknown', ['unsettled']],
  [
    'stored twice, or stored though refused, or not where acknowledged',
    ['stored-twice', 'rejected-yet-stored', 'misplaced-ack'],
  ],
  ['not checked, for the log was not read so far back', ['unchecked']],
];

const SILENCE_WORST_S = 3;
const SILENCE_MEDIAN_S = 2;
const CAUGHT_UP_ONE_S = 10;
const CAUGHT_UP_ALL_S = 25;

/** Every figure of a drill of this kind. */
export function figuresOf(
  kind: DrillKind,
  totals: DrillTotals,
  verdicts: readonly RoundVerdict[],
): readonly Figure[] {
  const { counts, published } = totals;
  const none = NONE.map(([what, kinds]): Figure => {
    return { what, value: kinds.reduce((sum, one) => sum + counts[one], 0), atMost: 0 };
  });
  return [
    ...gatewaysKilled(verdicts),
    { what: 'deliveries to clients', value: totals.deliveries },
    { what: 'acknowledged at level `primary`', value: published.primary },
    { what: 'acknowledged at level `replicated`', value: published.replicated },
    { what: 'refused: certainly not stored', value: published.rejected },
    { what: 'lost at level `primary`, which may be lost', value: counts['lost-primary'] },
    { what: 'losses told at their first offset, to each client', value: totals.signalled },
    ...none,
    ...timesOf(kind, totals, verdicts),
  ];
}

function gatewaysKilled(verdicts: readonly RoundVerdict[]): readonly Figure[] {
  const value = verdicts.reduce((sum, { line }) => sum + (line.gatewaysKilled ?? 0), 0);
  return value === 0 ? [] : [{ what: 'gateways killed', value }];
}

function timesOf(kind: DrillKind, totals: DrillTotals, verdicts: readonly RoundVerdict[]): readonly Figure[] {
  const { silencesMs, catchUpsMs } = totals;
  const seconds = (what: string, ms: number, atMost?: number): Figure => ({
    what,
    value: Math.round(ms) / 1_000,
    unit: 's',
    ...(atMost !== undefined && { atMost }),
  });
  const atWorst = Math.max(0, ...verdicts.map(({ line }) => line.caughtUpAfterMs ?? 0));
  const slowest = catchUpsMs.at(-1);
  // Failovers of Redis alone cost no client its connection.
  const caughtUp =
    slowest === undefined
      ? []
      : [
          seconds(
            'from the loss of a connection until everything was there, median',
            quantile(catchUpsMs, 0.5),
          ),
          seconds('… at worst', slowest),
        ];
  switch (kind) {
    case 'storm': {
      const [one, all] = verdicts.map(({ line }) => line.caughtUpAfterMs ?? 0);
      return [
        seconds('one of three gateways killed: everybody has everything', one ?? 0, CAUGHT_UP_ONE_S),
        seconds('all three killed: everybody has everything', all ?? 0, CAUGHT_UP_ALL_S),
        ...caughtUp,
      ];
    }
    case 'gateways':
      // No limit: who is hit again and again within seconds backs off for longer each time (SPEC K1).
      return [seconds('a gateway killed: everybody has everything, at worst', atWorst), ...caughtUp];
    default:
      return [
        seconds(
          'without an acknowledged publish, per failover, at worst',
          silencesMs.at(-1) ?? 0,
          SILENCE_WORST_S,
        ),
        seconds('… median', quantile(silencesMs, 0.5), SILENCE_MEDIAN_S),
        ...caughtUp,
      ];
  }
}
