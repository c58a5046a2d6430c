import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketOf } from '../../drill/checker/latency-buckets.ts';
import type { SecondLine, WindowLine } from '../../drill/checker/pulse-lines.ts';
import { type Figure, isKept } from '../../drill/report/promises.ts';
import type { Measured } from '../act.ts';
import { commandFigure, commandsPerClient } from './command-figures.ts';
import { gapFigures, gapsIn, latencyFigures, stallFigure, waitFigure } from './common-figures.ts';
import { Evidence } from './evidence.ts';

const second = (at: number, latencyMs: number, count = 100): SecondLine => ({
  type: 'second',
  second: at,
  dials: 0,
  deliveries: count,
  latency: [[bucketOf(latencyMs), count]],
  stallMs: latencyMs,
});

const windowOf = (client: string, gapMs: number, channel = 'busy'): WindowLine => ({
  type: 'window',
  window: 'deploy 1',
  client,
  channel,
  deliveries: 5,
  gapMs,
  gapEndedMs: 0,
  latencyMaxMs: gapMs * 2,
});

const evidenceOf = (...lines: readonly (SecondLine | WindowLine)[]): Evidence => {
  const evidence = new Evidence();
  for (const line of lines) evidence.take(line);
  return evidence;
};

const span = (fromS: number, toS: number) => ({ fromMs: fromS * 1_000, toMs: toS * 1_000 });
const figureOf = (figures: readonly Figure[], what: string): number | undefined =>
  figures.find(figure => figure.what === what)?.value;

test('[V3] gaps are those of clients in busy channels, and the limit is for the 99th percentile', () => {
  const evidence = evidenceOf(windowOf('a', 40), windowOf('b', 900), windowOf('c', 5_000, 'calm'));
  const gaps = gapsIn(evidence, ['busy'], ['deploy 1']);
  assert.deepEqual(gaps, [40, 900]);
  const figures = gapFigures('during', gaps, 250);
  assert.deepEqual(
    figures.map(figure => [figure.value, isKept(figure)]),
    [
      [900, true],
      [900, false],
      [900, true],
    ],
  );
});

test('[V3] the longest wait counts every channel', () => {
  assert.equal(waitFigure('x', evidenceOf(windowOf('c', 50, 'calm')), ['deploy 1']).value, 100);
  assert.equal(waitFigure('x', evidenceOf(), ['deploy 1']).value, 0);
});

test('[V4] latency is told beside what it was when nothing was done', () => {
  const evidence = evidenceOf(second(1, 10), second(2, 10), second(11, 35), second(21, 12));
  const figures = latencyFigures(
    evidence,
    { quiet: span(1, 3), during: [span(10, 20)], after: [span(20, 30)] },
    3,
  );
  assert.equal(figureOf(figures, '… after'), 11.9);
  const ratio = figures.at(-1);
  assert.ok(ratio !== undefined && ratio.value > 3 && ratio.value < 4 && !isKept(ratio));
});

test('[V3] seconds of several processes are added up, the longest stall is kept', () => {
  const evidence = evidenceOf(second(1, 10), second(1, 700, 3), second(9, 5_000));
  assert.equal(evidence.seconds.get(1)?.deliveries, 103);
  assert.equal(stallFigure(evidence, [span(0, 5)]).value, 700);
});

test('[V4] commands of Redis are those beyond what a quiet time of this length has', () => {
  const measured = (seconds: number, calls: number): Measured => ({
    name: 'x',
    ...span(0, seconds),
    commandsBefore: new Map([['evalsha', 1_000]]),
    commandsAfter: new Map([
      ['evalsha', 1_000 + calls],
      ['get', 0],
    ]),
  });
  const { perClient, byName } = commandsPerClient(measured(10, 500), measured(20, 1_300), 100);
  assert.deepEqual([perClient, byName.get('evalsha')], [3, 3]);
  const figure = commandFigure(measured(10, 500), [measured(20, 1_300), measured(20, 1_000)], {
    returned: 100,
    atMost: 4,
  });
  assert.ok(figure.value === 3 && isKept(figure));
});
