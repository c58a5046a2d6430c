import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureOf } from './failure-of.ts';

const WRITE = { writes: true } as const;

test('[P4] a refusal by Redis is a broker that is unavailable, with a delay', () => {
  for (const code of ['NOREPLICAS', 'MISCONF', 'OOM', 'LOADING', 'READONLY', 'BUSY', 'NOPERM']) {
    const failure = failureOf(new Error(`${code} something about the server`), WRITE);
    assert.equal(failure.kind, 'broker_unavailable');
    assert.ok((failure.retryAfterMs ?? 0) > 0);
  }
});

test('[P4] a write that may have happened is an unknown outcome', () => {
  for (const message of [
    'Command timed out',
    'Connection is closed.',
    'Reached the max retries per request limit (which is 0).',
  ])
    assert.equal(failureOf(new Error(message), WRITE).kind, 'unknown_outcome');
});

test('[P4] a write that was never sent is a broker that is unavailable', () => {
  const reason = new Error("Stream isn't writeable and enableOfflineQueue options is false");
  assert.equal(failureOf(reason, WRITE).kind, 'broker_unavailable');
});

test('[P4] a read has no outcome that could be unknown', () => {
  assert.equal(failureOf(new Error('Command timed out'), { writes: false }).kind, 'broker_unavailable');
});
