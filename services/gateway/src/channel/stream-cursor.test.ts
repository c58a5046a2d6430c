import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow } from './stream-cursor.ts';

const cursor = { offset: 10, epoch: 'a' };

test('[C5] the next offset of the same history is delivered', () => {
  assert.equal(follow(cursor, { offset: 11, epoch: 'a' }), 'deliver');
});

test('[C5] what was delivered before is a duplicate', () => {
  for (const offset of [10, 9, 1]) assert.equal(follow(cursor, { offset, epoch: 'a' }), 'duplicate');
});

test('[C5] a gap is repaired, never jumped over', () => {
  for (const offset of [12, 13, 1_000]) assert.equal(follow(cursor, { offset, epoch: 'a' }), 'repair');
});

test('[C6] another epoch is always compared with the log, even at the next offset', () => {
  for (const offset of [1, 10, 11, 12]) assert.equal(follow(cursor, { offset, epoch: 'b' }), 'repair');
});

test('[C5] the very first entry of a channel is delivered, whatever epoch an empty log had', () => {
  assert.equal(follow({ offset: 0, epoch: 'a' }, { offset: 1, epoch: 'b' }), 'deliver');
  assert.equal(follow({ offset: 0, epoch: 'a' }, { offset: 2, epoch: 'b' }), 'repair');
});
