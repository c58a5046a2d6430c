import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { listenForSignals } from './signals.ts';

function listening() {
  const source = new EventEmitter();
  const calls: string[] = [];
  const stop = listenForSignals(source, { drain: () => calls.push('drain'), now: () => calls.push('now') });
  return { source, calls, stop };
}

test('[D7] the first signal drains, the second ends it at once, more change nothing', () => {
  const { source, calls } = listening();
  source.emit('SIGTERM');
  assert.deepEqual(calls, ['drain']);
  source.emit('SIGINT');
  source.emit('SIGTERM');
  assert.deepEqual(calls, ['drain', 'now']);
});

test('[D7] it stops listening', () => {
  const { source, calls, stop } = listening();
  stop();
  source.emit('SIGTERM');
  assert.deepEqual([calls, source.listenerCount('SIGTERM')], [[], 0]);
});
