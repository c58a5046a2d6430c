import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selectTests } from './select-tests.ts';

const files = [
  'a/x.test.ts',
  'a/y.redis.test.ts',
  'b/z.kube.test.ts',
  'b/w.browser.test.ts',
  'b/v.ts',
  'c/u.process.test.ts',
];

test('[Y9] unit tests need nothing but Node', () => {
  assert.deepEqual(selectTests(files, 'unit'), ['a/x.test.ts']);
});

test('[Y9] all is everything but the cluster, the slow ones first', () => {
  assert.deepEqual(selectTests(files, 'all'), [
    'a/y.redis.test.ts',
    'b/w.browser.test.ts',
    'a/x.test.ts',
    'c/u.process.test.ts',
  ]);
});

test('[Y9] the cluster suite is what needs Kubernetes', () => {
  assert.deepEqual(selectTests(files, 'cluster'), ['b/z.kube.test.ts']);
});
