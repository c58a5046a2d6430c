import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrongOf } from './presence-circle.ts';

test('[V3] presence is wrong about whoever is absent, is shown twice, or is none of them', () => {
  assert.equal(wrongOf(['a', 'b'], ['a', 'b']), 0);
  assert.equal(wrongOf(['a', 'a'], ['a', 'b']), 2);
  assert.equal(wrongOf(['a', 'b', 'x'], ['a', 'b']), 1);
});
