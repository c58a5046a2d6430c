import type { RoundVerdict } from '../../drill/checker/checker.ts';
import type { FindingKind } from '../../drill/checker/finding.ts';
import { quantileOf } from '../../drill/checker/latency-buckets.ts';
import { quantile, sumUp } from '../../drill/report/drill-result.ts';
import type { Figure } from '../../drill/report/promises.ts';
import { NEVER } from '../limits.ts';
import type { Evidence, Span } from './evidence.ts';
import { peakPerSecond } from './link-figures.ts';

/** Windows of one kind, by their names. */
export type Windows = readonly string[];

/** What must be nought in every rehearsal. */
const NONE: readonly (readonly [what: string, kinds: readonly FindingKind[], atMost: number])[] = [
  ['lost', ['lost-replicated', 'lost-primary', 'untold-loss', 'silent-loss', 'behind'], NEVER.lost],
  ['duplicated', ['duplicate', 'stored-twice'], NEVER.duplicated],
  ['reordered, or with a hole', ['reordering', 'hole', 'other-data', 'misplaced-ack'], NEVER.reordered],
  ['told to drop or to read anew', ['false-resync', 'trimmed', 'without-offset', 'wrong-offset'], NEVER.lost],
  ['refused, yet stored', ['rejected-yet-stored'], NEVER.lost],
  ['not checked, for the log was read too late', ['unchecked'], NEVER.lost],
];

/** What the checker found, over all rounds. `mayFail`: publishes may be refused here, as long as that is said. */
export function checkedFigures(verdicts: readonly RoundVerdict[], mayFail = false): readonly Figure[] {
  const { counts, published, deliveries } = sumUp(verdicts);
  const failed = published.rejected + published.unknown;
  return [
    { what: 'deliveries to clients', value: deliveries },
    { what: 'publishes acknowledged', value: published.primary + published.replicated },
    ...NONE.map(([what, kinds, atMost]): Figure => {
      return { what, value: kinds.reduce((sum, kind) => sum + counts[kind], 0), atMost };
    }),
    { what: 'publishes that failed', value: failed, ...(!mayFail && { atMost: NEVER.failedPublishes }) },
  ];
}

/** The longest gap that each client of a busy channel had in each of the windows, ascending. */
export function gapsIn(evidence: Evidence, busy: readonly string[], windows: Windows): readonly number[] {
  return evidence.windows
    .filter(({ window, channel }) => windows.includes(window) && busy.includes(channel))
    .map(({ gapMs }) => gapMs)
    .toSorted((one, other) => one - other);
}

/** Gaps in the words of a report; `atMost` is for the 99th percentile. */
export function gapFigures(when: string, gapsMs: readonly number[], atMost?: number): readonly Figure[] {
  const ms = (what: string, value: number, limit?: number): Figure => {
    return { what, value: Math.round(value), unit: 'ms', ...(limit !== undefined && { atMost: limit }) };
  };
  return [
    ms(`longest gap of a client, ${when}: median`, quantile(gapsMs, 0.5)),
    ms('… p99', quantile(gapsMs, 0.99), atMost),
    ms('… worst', gapsMs.at(-1) ?? 0),
  ];
}

/** The longest time that each client, of all channels, waited for a publication in the windows: the 99th percentile of them. */
export function waitFigure(when: string, evidence: Evidence, windows: Windows): Figure {
  const waitsMs = evidence.windows
    .filter(({ window, deliveries }) => windows.includes(window) && deliveries > 0)
    .map(({ latencyMaxMs }) => latencyMaxMs)
    .toSorted((one, other) => one - other);
  const what = `longest wait of a client for a publication, all channels, ${when}: p99`;
  return { what, value: quantile(waitsMs, 0.99), unit: 'ms' };
}

/** Latencies before, during and after. */
export type LatencySpans = {
  readonly quiet: Span;
  readonly during: readonly Span[];
  readonly after: readonly Span[];
};

/** From publish to deliver, beside what it is when nothing is done; `ratioMax` is for the 99th percentile while it is done. */
export function latencyFigures(
  evidence: Evidence,
  spans: LatencySpans,
  ratioMax?: number,
): readonly Figure[] {
  const p99 = (of: readonly Span[]): number => quantileOf(evidence.latencyIn(of), 0.99);
  const quietMs = p99([spans.quiet]);
  const duringMs = p99(spans.during);
  const round = (value: number, unit: string): Pick<Figure, 'value' | 'unit'> => {
    return { value: Math.round(value * 10) / 10, unit };
  };
  return [
    {
      what: 'publish to deliver, p50, quiet',
      ...round(quantileOf(evidence.latencyIn([spans.quiet]), 0.5), 'ms'),
    },
    { what: 'publish to deliver, p99, quiet', ...round(quietMs, 'ms') },
    { what: '… during', ...round(duringMs, 'ms') },
    { what: '… after', ...round(p99(spans.after), 'ms') },
    {
      what: '… during, over quiet',
      ...round(duringMs / Math.max(1, quietMs), '×'),
      ...(ratioMax !== undefined && { atMost: ratioMax }),
    },
  ];
}

/** The longest time for which a process of clients stood still: what they feel of it is not the cluster's. */
export function stallFigure(evidence: Evidence, spans: readonly Span[]): Figure {
  const stalls = [...evidence.seconds]
    .filter(([second]) => spans.some(({ fromMs, toMs }) => second * 1_000 >= fromMs && second * 1_000 < toMs))
    .map(([, { stallMs }]) => stallMs);
  return { what: 'longest stall of a process of clients', value: Math.max(0, ...stalls), unit: 'ms' };
}

/** How many connected anew or moved in a second, at most. */
export function peakFigure(evidence: Evidence, spans: readonly Span[]): Figure {
  return {
    what: 'most connects in a second',
    value: peakPerSecond(evidence.linksIn(spans)),
    unit: '/s',
  };
}
