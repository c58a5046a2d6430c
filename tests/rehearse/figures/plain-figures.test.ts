import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busiestSecond } from './link-figures.ts';
import { plainFigures } from './plain-figures.ts';

const COME = {
  clients: 3,
  missing: 0,
  killedAtMs: 10_000,
  plainAtMs: [12_100, 12_900, 14_000],
  oursAtMs: [12_500],
  ratePerSecond: 2,
};

function figure(what: string, figures: ReturnType<typeof plainFigures>): number | undefined {
  return figures.find(one => one.what.startsWith(what))?.value;
}

test('[V3] the busiest second is the one with the most moments', () => {
  assert.deepEqual([busiestSecond([]), busiestSecond([1_000, 1_999, 2_000])], [0, 2]);
});

test('[V2] plain clients and ours are one stampede, held to the configured rate', () => {
  const figures = plainFigures(COME);
  assert.deepEqual(
    [figure('… the last', figures), figure('sessions that began', figures), figure('… over the', figures)],
    [4, 3, 1.5],
  );
});

test('[V2] one that stays away is a figure that falls short', () => {
  const missing = plainFigures({ ...COME, missing: 1 }).find(({ what }) =>
    what.includes('did not come back'),
  );
  assert.deepEqual([missing?.value, missing?.atMost], [1, 0]);
});
