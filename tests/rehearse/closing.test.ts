import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Closing } from './closing.ts';

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
