import type { Figure } from '../../drill/report/promises.ts';
import type { Act, Measured } from '../act.ts';
import type { Stage } from '../stage.ts';
import { commandFigure } from './command-figures.ts';
import {
  checkedFigures,
  gapFigures,
  gapsIn,
  latencyFigures,
  peakFigure,
  stallFigure,
  waitFigure,
} from './common-figures.ts';
import { limited } from './limited.ts';
import { mostPerClient, timesPerClient } from './link-figures.ts';

/** Limits of the figures that every rehearsal has; what is absent is only told. */
export type StoryLimits = {
  readonly movesPerClient?: number;
  readonly clientsThatLeft?: number;
  readonly gapP99Ms?: number;
  readonly latencyP99Ratio?: number;
  readonly redisCommandsPerClient?: number;
  /** Publishes may be refused here. */
  readonly mayFail?: boolean;
};

/** The figures that every rehearsal has: what was lost, and what clients felt. */
export function storyOf(
  stage: Stage,
  { quiet, acts }: { readonly quiet: Measured; readonly acts: readonly Act[] },
  limits: StoryLimits = {},
): readonly Figure[] {
  const { evidence, layout, verdicts } = stage;
  const during = acts.map(act => act.during);
  const windows = during.map(({ name }) => name);
  const links = evidence.linksIn(acts.flatMap(act => [act.during, act.after]));
  const moves = acts.map(act => mostPerClient(evidence.linksIn([act.during, act.after]), 'moved'));
  const returned = links.filter(({ what }) => what !== 'left').length;
  return [
    ...checkedFigures(verdicts, limits.mayFail),
    limited('moves of a client, at most', Math.max(0, ...moves), limits.movesPerClient),
    { what: 'moves, all clients', value: links.filter(({ what }) => what === 'moved').length },
    limited('clients that lost a connection', timesPerClient(links, 'left').size, limits.clientsThatLeft),
    limited('reconnects of a client, at most', mostPerClient(links, 'left'), undefined),
    ...gapFigures('quiet', gapsIn(evidence, layout.busy, [quiet.name])),
    ...gapFigures('during', gapsIn(evidence, layout.busy, windows), limits.gapP99Ms),
    waitFigure('quiet', evidence, [quiet.name]),
    waitFigure('during', evidence, windows),
    ...latencyFigures(evidence, { quiet, during, after: acts.map(act => act.after) }, limits.latencyP99Ratio),
    peakFigure(evidence, during),
    commandFigure(quiet, during, { returned, atMost: limits.redisCommandsPerClient }),
    stallFigure(evidence, during),
  ];
}

/** What an act came to, in a line. */
export function lineOf(stage: Stage, { during, after, verdict }: Act): string {
  const links = stage.evidence.linksIn([during, after]);
  const gaps = gapsIn(stage.evidence, stage.layout.busy, [during.name]);
  return [
    `${during.name}: ${((during.toMs - during.fromMs) / 1_000).toFixed(1)} s`,
    `${links.filter(({ what }) => what === 'moved').length} moves, at most ${mostPerClient(links, 'moved')} of a client`,
    `${timesPerClient(links, 'left').size} clients lost a connection`,
    `longest gap p99 ${gaps[Math.floor(gaps.length * 0.99)] ?? 0} ms, worst ${gaps.at(-1) ?? 0} ms`,
    `${verdict.findings.length} findings`,
  ].join(', ');
}
