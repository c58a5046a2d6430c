import { quantileOf } from '../../drill/checker/latency-buckets.ts';
import type { Act, Measured } from '../act.ts';
import type { Evidence } from '../figures/evidence.ts';
import { connectsBySecond } from '../figures/link-figures.ts';
import type { Panel, Plot, Point } from './plot.ts';

const RED = '#b3312c';
const BLUE = '#2b6cb0';
const GREEN = '#2f7d4f';

/** Latency and connects over the whole rehearsal, with what was done marked. */
export function timelineOf(
  title: string,
  evidence: Evidence,
  { quiet, acts }: { readonly quiet: Measured; readonly acts: readonly Act[] },
): Plot {
  const startS = Math.floor(quiet.fromMs / 1_000);
  const endS = Math.ceil((acts.at(-1)?.after.toMs ?? quiet.toMs) / 1_000);
  const seconds = Array.from({ length: Math.max(1, endS - startS) }, (_, index) => startS + index);
  const marks = acts.map(({ during }, index) => ({
    fromS: during.fromMs / 1_000 - startS,
    toS: during.toMs / 1_000 - startS,
    label: acts.length === 1 ? during.name : String(index + 1),
  }));
  return {
    title,
    seconds: seconds.length,
    marks,
    panels: [latencyPanel(evidence, seconds), connectsPanel(evidence, seconds)],
  };
}

function latencyPanel(evidence: Evidence, seconds: readonly number[]): Panel {
  const points = (share: number): readonly Point[] =>
    seconds.flatMap((second, index): readonly Point[] => {
      const at = evidence.seconds.get(second);
      return at === undefined || at.deliveries === 0 ? [] : [[index, quantileOf(at.latency, share)]];
    });
  const series = [
    { label: 'p99', colour: RED, points: points(0.99) },
    { label: 'p50', colour: BLUE, points: points(0.5) },
  ];
  return { title: 'Publish to deliver', unit: 'ms', kind: 'lines', series };
}

function connectsPanel({ links }: Evidence, seconds: readonly number[]): Panel {
  const counts = connectsBySecond(links);
  const points = seconds.map((second, index): Point => [index, counts.get(second) ?? 0]);
  const series = [{ label: 'connects', colour: GREEN, points }];
  return { title: 'Connects and moves', unit: 'per second', kind: 'bars', series };
}
