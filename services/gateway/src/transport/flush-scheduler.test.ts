import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlushScheduler } from './flush-scheduler.ts';

/** A scheduler whose turns of the event loop are called by hand. */
function turning() {
  const turns: (() => void)[] = [];
  const scheduler = new FlushScheduler(callback => void turns.push(callback));
  return { scheduler, turns };
}

test('[T5] peers are flushed once, at the end of the turn', () => {
  const { scheduler, turns } = turning();
  const flushed: number[] = [];
  for (let n = 0; n < 10; n += 1) scheduler.schedule({ flush: () => void flushed.push(n) });
  assert.deepEqual([flushed.length, turns.length], [0, 1]);
  turns.shift()?.();
  assert.deepEqual([flushed.length, turns.length], [10, 0]);
});

test('[T5] a large fan-out leaves turns in between, first come first served', () => {
  const { scheduler, turns } = turning();
  const flushed: number[] = [];
  for (let n = 0; n < 600; n += 1) scheduler.schedule({ flush: () => void flushed.push(n) });
  const perTurn: number[] = [];
  while (turns.length > 0) {
    const before = flushed.length;
    turns.shift()?.();
    perTurn.push(flushed.length - before);
  }
  assert.deepEqual(perTurn, [256, 256, 88]);
  assert.ok(flushed.every((n, index) => n === index));
});

test('[T5] who is sent something while others are flushed comes in a later turn', () => {
  const { scheduler, turns } = turning();
  const flushed: string[] = [];
  const peer = { flush: () => void flushed.push('late') };
  scheduler.schedule({ flush: () => scheduler.schedule(peer) });
  turns.shift()?.();
  assert.deepEqual(flushed, []);
  turns.shift()?.();
  assert.deepEqual(flushed, ['late']);
});

test('[T5] lists of one tick begin with the same empty list, those of the next with another', () => {
  const { scheduler, turns } = turning();
  const first = scheduler.shared;
  scheduler.schedule({ flush: () => {} });
  assert.equal(scheduler.shared, first);
  turns.shift()?.();
  assert.notEqual(scheduler.shared, first);
});
