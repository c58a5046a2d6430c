import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deferred } from './deferred.ts';

test('[Z2] the first end that is pulled settles the promise', async () => {
  const won = deferred<string>();
  won.resolve('first');
  won.reject(new Error('too late'));
  assert.equal(await won.promise, 'first');
  const lost = deferred<string>();
  lost.reject(new Error('no'));
  await assert.rejects(lost.promise, /no/);
});
