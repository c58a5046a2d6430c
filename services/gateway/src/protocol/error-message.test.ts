import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelName, Join } from '@kittiwake/protocol';
import { errorMessage } from './error-message.ts';

test('[X1] an error answers with the ref and channel of the request, and nothing else of it', () => {
  const join: Join = { type: 'join', ref: 7, channel: 'chat:42' as ChannelName, presence: { name: 'alice' } };
  assert.deepEqual(errorMessage({ kind: 'forbidden', message: 'no' }, join), {
    type: 'error',
    kind: 'forbidden',
    message: 'no',
    retry: 'never',
    ref: 7,
    channel: 'chat:42',
  });
});

test('[X1] texts are cut to their bounds, delays are whole milliseconds', () => {
  const long = errorMessage({
    kind: 'rate_limited',
    message: 'x'.repeat(5_000),
    path: 'y'.repeat(5_000),
    retryAfterMs: 1.2,
  });
  assert.equal(long.message.length, 256);
  assert.equal(long.path?.length, 128);
  assert.equal(long.retryAfterMs, 2);
});

test('[P10] a gap in the numbers of a producer says which one is expected, and how long it is remembered', () => {
  const gap = { expectedSequence: 6, rememberedMs: 600_000 };
  const message = errorMessage({ kind: 'sequence_gap', message: 'a gap', ...gap });
  assert.deepEqual([message.retry, message.expectedSequence, message.rememberedMs], ['now', 6, 600_000]);
});
