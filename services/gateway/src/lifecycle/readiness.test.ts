import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readiness } from './readiness.ts';

const well = { name: 'client-port', check: () => undefined };

test('[D1] ready when every source is well, and where there is none', () => {
  assert.deepEqual(readiness([well]), { ready: true });
  assert.deepEqual(readiness([]), { ready: true });
});

test('[D1] every reason is told, not the first only', () => {
  const sources = [
    well,
    { name: 'broker', check: () => 'degraded' },
    { name: 'drain', check: () => 'draining' },
  ];
  assert.deepEqual(readiness(sources), {
    ready: false,
    reasons: [
      { source: 'broker', reason: 'degraded' },
      { source: 'drain', reason: 'draining' },
    ],
  });
});

test('[D1] a check that throws is a reason, and its message is not shown', () => {
  const broken = {
    name: 'broker',
    check: () => {
      throw new Error('redis://user:secret@host');
    },
  };
  assert.deepEqual(readiness([broken]), {
    ready: false,
    reasons: [{ source: 'broker', reason: 'the check itself failed' }],
  });
});
