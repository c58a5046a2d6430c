import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axisOf } from './axis.ts';
import { drawPlot, type Plot } from './plot.ts';

const PLOT: Plot = {
  title: 'a "deploy" & <more>',
  seconds: 30,
  marks: [{ fromS: 10, toS: 20, label: 'deploy' }],
  panels: [
    {
      title: 'Publish to deliver',
      unit: 'ms',
      kind: 'lines',
      series: [
        {
          label: 'p99',
          colour: '#b00',
          points: [
            [0, 5],
            [29, 90],
          ],
        },
        { label: 'p50', colour: '#00b', points: [[0, 2]] },
      ],
    },
    {
      title: 'Connects',
      unit: 'per second',
      kind: 'bars',
      series: [
        {
          label: 'all',
          colour: '#0b0',
          points: [
            [12, 40],
            [13, 0],
          ],
        },
      ],
    },
  ],
};

test('[V3] an axis ends at a round number that is not below what is to be shown', () => {
  assert.deepEqual(axisOf(90, 5), { max: 100, ticks: [0, 20, 40, 60, 80, 100] });
  assert.deepEqual(axisOf(0.35, 5).ticks, [0, 0.1, 0.2, 0.3, 0.4]);
  assert.ok(axisOf(0, 5).max > 0);
});

test('[V3] a plot has a line for each series, a bar for each second with something, and its marks', () => {
  const svg = drawPlot(PLOT);
  assert.equal(svg.match(/<polyline /g)?.length, 2);
  assert.equal(svg.match(/<g fill="#0b0"><rect [^>]*\/><\/g>/g)?.length, 1);
  assert.match(svg, /fill-opacity="0.28"\/><text [^>]*>deploy</);
  assert.match(svg, /aria-label="a &quot;deploy&quot; &amp; &lt;more>"/);
});

test('[V3] nothing of a plot is outside of it, or no number', () => {
  const svg = drawPlot(PLOT);
  assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
  const [, height = '0'] = /viewBox="0 0 960 (\d+)"/.exec(svg) ?? [];
  for (const [, y = ''] of svg.matchAll(/ y[12]?="([\d.-]+)"/g))
    assert.ok(Number(y) >= 0 && Number(y) <= Number(height), y);
});
