import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok, type Result } from './result.ts';

test('[Z5] a result is a success with a value or a failure with an error, told apart by ok', () => {
  const half = (n: number): Result<number, 'odd'> => (n % 2 === 0 ? ok(n / 2) : err('odd'));
  assert.deepEqual(half(4), { ok: true, value: 2 });
  assert.deepEqual(half(3), { ok: false, error: 'odd' });
  assert.equal(ok().ok, true);
});
