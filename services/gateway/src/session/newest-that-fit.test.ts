import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publicationAt } from '../../test/support/fixtures.ts';
import { newestThatFit } from './newest-that-fit.ts';

const ALL = [1, 2, 3].map(offset => publicationAt(offset));
const BYTES = JSON.stringify(publicationAt(1)).length;

for (const { bytesMax, kept } of [
  { bytesMax: 3 * BYTES, kept: [1, 2, 3] },
  { bytesMax: 2 * BYTES, kept: [2, 3] },
  { bytesMax: 1, kept: [3] },
]) {
  test(`[M5] of three publications ${kept.length} fit into ${bytesMax} bytes, the newest`, () => {
    assert.deepEqual(
      newestThatFit(ALL, bytesMax).map(({ position }) => position.offset),
      kept,
    );
  });
}

test('[M5] of none, none fit', () => {
  assert.deepEqual(newestThatFit([], 100), []);
});
