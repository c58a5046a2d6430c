import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CrowdLayout, type CrowdSize, nicenessOf, planCrowds } from './crowd-layout.ts';

const SIZE: CrowdSize = { run: 'x', clients: 3_000, rate: 200, busyEveryMs: 50, processes: 2 };

const clientsOf = ({ crowds }: CrowdLayout): number =>
  crowds.reduce((sum, { witnesses, producers }) => sum + witnesses + producers.length, 0);

for (const [clients, rate] of [
  [3_000, 200],
  [300, 100],
  [150, 50],
  [60, 20],
] as const) {
  test(`[V3] ${clients} clients and ${rate} publishes/s are as many as was said`, () => {
    const layout = planCrowds({ ...SIZE, clients, rate });
    assert.equal(clientsOf(layout), clients);
    const producers = layout.crowds.flatMap(crowd => crowd.producers);
    const perSecond = producers.reduce((sum, { everyMs }) => sum + 1_000 / everyMs, 0);
    assert.ok(Math.abs(perSecond - rate) < 0.01 * rate, `${perSecond}/s`);
    assert.equal(new Set(producers.map(({ number }) => number)).size, producers.length);
    assert.deepEqual(
      producers.map(({ channel }) => channel),
      [...layout.busy, ...layout.calm],
    );
  });
}

test('[V3] half of the publishes are in busy channels, and few clients', () => {
  const { busy, crowds } = planCrowds(SIZE);
  assert.equal(busy.length, 5);
  assert.equal(crowds.find(({ name }) => name === 'busy')?.witnesses, 30);
});

test('[V4] the crowd yields the cores to the cluster, publishers and those whose gaps are measured do not', () => {
  const yielding = planCrowds(SIZE).crowds.filter(plan => nicenessOf(plan) > 0);
  assert.deepEqual(
    yielding.map(({ name }) => name),
    ['calm1', 'calm2'],
  );
});

test('[V3] those who are to be stopped have a process of their own, in the busy channels', () => {
  const layout = planCrowds({ ...SIZE, slowPercent: 5, busyTextLength: 6_000 });
  const slow = layout.crowds.find(({ name }) => name === layout.slow);
  assert.deepEqual([slow?.witnesses, slow?.channels], [150, layout.busy]);
  assert.equal(clientsOf(layout), SIZE.clients);
  const lengths = layout.crowds.flatMap(({ producers }) => producers.map(one => one.textLength));
  assert.equal(lengths.filter(length => length === 6_000).length, layout.busy.length);
});
