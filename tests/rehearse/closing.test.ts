import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { Closing, closeOnSignal } from './closing.ts';

test('[V1] what was promised is mended once, the last first, and one that fails does not keep the others', async t => {
  const told = t.mock.method(console, 'error', () => {});
  const closing = new Closing();
  const mended: string[] = [];
  closing.promise(async () => void mended.push('first'));
  closing.promise(() => Promise.reject(new Error('broken')));
  closing.promise(async () => void mended.push('last'));
  await Promise.all([closing.run(), closing.run()]);
  assert.deepEqual(mended, ['last', 'first']);
  assert.equal(told.mock.callCount(), 1);
});

test('[V1] what is promised while it closes is mended as well', async () => {
  const closing = new Closing();
  const mended: string[] = [];
  closing.promise(async () => {
    closing.promise(async () => void mended.push('late'));
  });
  await closing.run();
  assert.deepEqual(mended, ['late']);
});

test('[V1] a second Ctrl-C does not cut it short: npm passes on what the terminal told both', async () => {
  const closing = new Closing();
  const { promise, resolve } = Promise.withResolvers<void>();
  const done: string[] = [];
  closing.promise(() => promise.then(() => done.push('put back')));
  const signals = new EventEmitter();
  const exited = Promise.withResolvers<void>();
  const exit = (code: number): void => {
    done.push(`exit ${code}`);
    exited.resolve();
  };
  closeOnSignal(closing, { on: (signal, listener) => signals.on(signal, listener), exit });
  assert.equal(closing.hasBegun, false);
  assert.equal(signals.emit('SIGINT'), true);
  assert.equal(closing.hasBegun, true);
  assert.equal(signals.emit('SIGINT'), true);
  resolve();
  await exited.promise;
  assert.deepEqual(done.slice(0, 2), ['put back', 'exit 130']);
});
