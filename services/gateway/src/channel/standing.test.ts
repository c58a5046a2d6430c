import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standingAt } from './standing.ts';

const LOG = {
  head: { offset: 80, epoch: 'B' },
  chain: [
    { epoch: 'A', start: 10 },
    { epoch: 'B', start: 50 },
  ],
};

test('[C10] whoever has everything of a log has its chain', () => {
  assert.deepEqual(standingAt(LOG, 80), { position: LOG.head, chain: LOG.chain });
});

test('[C10] whoever has the beginning of a log has the beginning of its chain', () => {
  const position = { offset: 49, epoch: 'A' };
  assert.deepEqual(standingAt(LOG, 49), { position, chain: [{ epoch: 'A', start: 10 }] });
});

test('[C10] an offset that the chain does not reach is in the history that its oldest epoch went on with', () => {
  const position = { offset: 9, epoch: 'A' };
  assert.deepEqual(standingAt(LOG, 9), { position, chain: [{ epoch: 'A', start: 9 }] });
});

test('[C10] before the first entry nothing is held', () => {
  assert.deepEqual(standingAt({ head: { offset: 0, epoch: 'R' }, chain: [] }, 0), {
    position: { offset: 0, epoch: 'R' },
    chain: [],
  });
  assert.deepEqual(standingAt(LOG, 0).chain, []);
});
