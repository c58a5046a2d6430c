import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@kittiwake/testkit';
import { addBuckets, bucketOf, latencyOf, quantileOf } from '../checker/latency-buckets.ts';
import type { Line } from '../checker/log-lines.ts';
import { SecondsTable } from './seconds-table.ts';

test('[V3] a second is written when the next one begins, with all that happened in it', () => {
  const lines: Line[] = [];
  const table = new SecondsTable({ write: line => void lines.push(line) }, createFakeClock());
  table.dialled(1_000);
  table.delivered(1_500, 10);
  table.delivered(1_999, 10);
  assert.deepEqual(lines, []);
  table.delivered(3_000, 700);
  table.flush();
  table.flush();
  const common = { type: 'second', stallMs: 0 };
  assert.deepEqual(lines, [
    { ...common, second: 1, dials: 1, deliveries: 2, latency: [[bucketOf(10), 2]] },
    { ...common, second: 3, dials: 0, deliveries: 1, latency: [[bucketOf(700), 1]] },
  ]);
});

test('[V3] a bucket says at most two in a hundred too little', () => {
  for (const ms of [0, 1, 5, 17, 99, 250, 3_000, 60_000]) {
    const said = latencyOf(bucketOf(ms));
    assert.ok(said <= ms + 1e-9 && 1 + ms <= (1 + said) * 1.0201, `${ms}: ${said}`);
  }
  assert.equal(bucketOf(-5), 0);
});

test('[V3] a quantile is where that share of the deliveries lies below', () => {
  const histogram = new Map<number, number>();
  addBuckets(histogram, [
    [bucketOf(10), 98],
    [bucketOf(500), 2],
  ]);
  assert.ok(quantileOf(histogram, 0.5) < 11);
  assert.ok(quantileOf(histogram, 0.99) > 480);
  assert.equal(quantileOf(new Map(), 0.99), 0);
});
