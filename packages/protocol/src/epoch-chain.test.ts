import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHAIN_LINKS_MAX, type EpochChain, epochAt, extendChain } from './epoch-chain.ts';

test('[B3] the same epoch does not extend the chain', () => {
  const chain: EpochChain = [{ epoch: 'A', start: 1 }];
  assert.equal(extendChain(chain, { offset: 2, epoch: 'A' }), chain);
});

test('[B3] a chain forgets its oldest links beyond the bound', () => {
  let chain: EpochChain = [];
  for (let offset = 1; offset <= CHAIN_LINKS_MAX + 3; offset += 1)
    chain = extendChain(chain, { offset, epoch: `e${offset}` });
  assert.equal(chain.length, CHAIN_LINKS_MAX);
  assert.deepEqual([epochAt(chain, 3), epochAt(chain, 4)], [undefined, 'e4']);
});
