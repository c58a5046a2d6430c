import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOTHING, type Tally } from './tally.ts';
import { TallyInOrder } from './tally-in-order.ts';

const of = (seeds: number): Tally => ({ ...NOTHING, seeds, counts: new Map([['deliveries', seeds]]) });

test('[I7] a run tells of the seeds before the first that is not done, and of no other', () => {
  const run = new TallyInOrder(100, of(7));
  run.add({ from: 150, count: 50 }, of(50));
  assert.equal(run.sum.seeds, 7);
  run.add({ from: 100, count: 50 }, of(50));
  assert.equal(run.sum.seeds, 107);
  assert.equal(run.sum.counts.get('deliveries'), 107);
});

test('[I7] a range that ended early is followed by the next one', () => {
  const run = new TallyInOrder(0, NOTHING);
  run.add({ from: 0, count: 50 }, of(3));
  run.add({ from: 50, count: 50 }, of(50));
  assert.equal(run.sum.seeds, 53);
});
