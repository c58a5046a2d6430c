import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChannelCursor } from './channel-cursor.ts';

const at = (offset: number, epoch = 'a') => ({ offset, epoch });

function joinedAt(offset: number): ChannelCursor {
  const cursor = new ChannelCursor();
  cursor.joined(at(offset), { outcome: 'fresh' });
  return cursor;
}

test('[W1] publications in order are next, and nothing is lost', () => {
  const cursor = joinedAt(5);
  assert.deepEqual([cursor.take(at(6)), cursor.take(at(7)), cursor.lost], ['next', 'next', 0]);
});

test('[W1] a hole is lost until it comes after all, and then it is out of order', () => {
  const cursor = joinedAt(5);
  assert.equal(cursor.take(at(8)), 'next');
  assert.equal(cursor.lost, 2);
  assert.equal(cursor.take(at(6)), 'late');
  assert.equal(cursor.lost, 1);
});

test('[W1] what comes twice is a duplicate', () => {
  const cursor = joinedAt(5);
  cursor.take(at(6));
  assert.equal(cursor.take(at(6)), 'duplicate');
});

test('[W1] a resume that recovers goes on where the member stood', () => {
  const cursor = joinedAt(5);
  cursor.take(at(6));
  cursor.joined(at(9), { outcome: 'recovered' });
  assert.equal(cursor.behind(9), 3);
  for (const offset of [7, 8, 9]) assert.equal(cursor.take(at(offset)), 'next');
  assert.equal(cursor.lost, 0);
});

test('[W2] what a gateway says it cannot give is not lost', () => {
  const trimmed = joinedAt(5);
  trimmed.joined(at(20), { outcome: 'trimmed', firstOffset: 15 });
  assert.equal(trimmed.take(at(15)), 'next');
  const unknown = joinedAt(5);
  unknown.joined(at(3, 'b'), { outcome: 'unknown' });
  assert.equal(unknown.take(at(4, 'b')), 'next');
  assert.deepEqual([trimmed.lost, unknown.lost], [0, 0]);
});

test('[W2] after histories part, the new one counts from where they parted', () => {
  const cursor = joinedAt(5);
  for (const offset of [6, 7, 8]) cursor.take(at(offset));
  cursor.joined(at(7, 'b'), { outcome: 'truncated', divergedAt: 7 });
  assert.equal(cursor.take(at(7, 'b')), 'next');
  assert.equal(cursor.lost, 0);
});

test('[W1] the end of the stream is owed as well', () => {
  const cursor = joinedAt(5);
  cursor.take(at(6));
  assert.equal(cursor.behind(10), 4);
});
