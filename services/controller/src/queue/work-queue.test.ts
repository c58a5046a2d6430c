import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkQueue } from './work-queue.ts';

test('[R7] a key that is added twice is handed out once', () => {
  const queue = new WorkQueue();
  queue.add('a', 0);
  queue.add('a', 0);
  assert.equal(queue.take(0), 'a');
  assert.equal(queue.take(0), undefined);
});

test('[R7] what is added while it is worked on comes back when that is done, not before', () => {
  const queue = new WorkQueue();
  queue.add('a', 0);
  queue.take(0);
  queue.add('a', 1);
  assert.equal(queue.take(5), undefined);
  queue.done('a');
  assert.equal(queue.take(5), 'a');
});

test('[R7] the earlier of two wishes wins', () => {
  const queue = new WorkQueue();
  queue.add('a', 100);
  queue.add('a', 50);
  queue.add('a', 200);
  assert.equal(queue.nextDueAtMs(), 50);
});

test('[R7] the key that is due the longest comes first', () => {
  const queue = new WorkQueue();
  queue.add('late', 20);
  queue.add('early', 10);
  assert.equal(queue.take(30), 'early');
  assert.equal(queue.take(30), 'late');
});

test('[R7] each failure doubles the delay up to the cap, and success forgets them', () => {
  const queue = new WorkQueue({ baseMs: 100, capMs: 350 });
  const delays: (number | undefined)[] = [];
  queue.add('a', 0);
  for (let round = 0; round < 4; round += 1) {
    queue.take(1_000);
    queue.failed('a', 0);
    delays.push(queue.nextDueAtMs());
  }
  assert.deepEqual(delays, [100, 200, 350, 350]);
  queue.take(1_000);
  queue.done('a');
  queue.add('a', 0);
  queue.take(0);
  queue.failed('a', 0);
  assert.equal(queue.nextDueAtMs(), 100);
});

test('[R7] finishing what was not begun is a bug', () => {
  assert.throws(() => new WorkQueue().done('a'), /finished without having begun/);
});
