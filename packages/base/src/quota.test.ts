import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Quota } from './quota.ts';

test('[Z7] a quota takes what fits, and what replaces an id counts once', () => {
  const quota = new Quota({ recordsMax: 2, bytesMax: 10 });
  assert.deepEqual([quota.take('a', 4), quota.take('b', 6)], [true, true]);
  assert.deepEqual([quota.take('c', 0), quota.take('a', 5), quota.take('a', 3)], [false, false, true]);
  assert.deepEqual([quota.records, quota.bytes], [2, 9]);
  assert.deepEqual([quota.delete('b'), quota.delete('b'), quota.take('c', 7)], [true, false, true]);
});

test('[Z7] what is there already is counted beyond the bounds, and nothing more fits', () => {
  const quota = new Quota({ recordsMax: 1, bytesMax: 10 });
  quota.set('a', 20);
  assert.deepEqual([quota.take('b', 0), quota.take('a', 11), quota.take('a', 10)], [false, false, true]);
});
