import assert from 'node:assert/strict';
import { test } from 'node:test';
import { background } from './background.ts';
import { deferred } from './deferred.ts';

test('[Z2] a failure of work that nobody awaits is reported with its name', async () => {
  const reported = deferred<readonly [string, unknown]>();
  const reason = new Error('gone');
  background(Promise.reject(reason), 'announce', (name, why) => reported.resolve([name, why]));
  assert.deepEqual(await reported.promise, ['announce', reason]);
});

test('[Z2] work that succeeds reports nothing', async () => {
  const failures: string[] = [];
  const work = Promise.resolve('done');
  background(work, 'announce', name => failures.push(name));
  await work;
  assert.deepEqual(failures, []);
});
