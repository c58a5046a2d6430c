import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Emitter } from './emitter.ts';

type Events = { happened: number };

test('[K12] a listener that was taken away is not called again', () => {
  const emitter = new Emitter<Events>(() => {});
  const seen: number[] = [];
  const stop = emitter.on('happened', value => seen.push(value));
  emitter.emit('happened', 1);
  stop();
  stop();
  emitter.emit('happened', 2);
  assert.deepEqual(seen, [1]);
});

test('[K12] a listener that throws is reported, and the others are called', () => {
  const failures: unknown[] = [];
  const emitter = new Emitter<Events>(reason => failures.push(reason));
  const seen: number[] = [];
  emitter.on('happened', () => {
    throw new Error('mine');
  });
  emitter.on('happened', value => seen.push(value));
  emitter.emit('happened', 1);
  assert.deepEqual([seen.length, failures.length], [1, 1]);
});
