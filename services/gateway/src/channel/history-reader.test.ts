import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok } from '@kittiwake/base';
import { CHANNEL, publicationAt } from '../../test/support/fixtures.ts';
import type { Broker } from '../broker/broker.ts';
import { createHistoryReader, HISTORY_LIMIT_MAX } from './history-reader.ts';

test('[H1] history is what the log keeps, and where the channel stands', async () => {
  const head = { offset: 2, epoch: 'a' };
  const publications = [publicationAt(1), publicationAt(2)];
  const read: Broker['read'] = async () =>
    ok({ head, chain: [{ epoch: 'a', start: 1 }], firstKept: 1, resume: { outcome: 'fresh' }, publications });
  assert.deepEqual(
    await createHistoryReader({ read }).list(CHANNEL, 10),
    ok({ position: head, publications }),
  );
});

test('[H1] what is asked for is bounded on both sides', async () => {
  const limits: number[] = [];
  const read: Broker['read'] = async (_, { limit }) => {
    limits.push(limit);
    return err({ kind: 'broker_unavailable', message: '' });
  };
  const reader = createHistoryReader({ read });
  for (const limit of [-5, 0, 7, 1_000_000]) assert.equal((await reader.list(CHANNEL, limit)).ok, false);
  assert.deepEqual(limits, [1, 1, 7, HISTORY_LIMIT_MAX]);
});
