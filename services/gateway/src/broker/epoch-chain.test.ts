import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHAIN_LINKS_MAX, type EpochChain, epochAt, extendChain, parseChain } from './epoch-chain.ts';

test('[B3] the chain names the history that wrote an offset', () => {
  const chain = parseChain('A:1,B:50');
  assert.ok(chain !== undefined);
  assert.deepEqual([epochAt(chain, 1), epochAt(chain, 49), epochAt(chain, 50)], ['A', 'A', 'B']);
});

test('[B3] the same epoch does not extend the chain', () => {
  const chain: EpochChain = [{ epoch: 'A', start: 1 }];
  assert.equal(extendChain(chain, { offset: 2, epoch: 'A' }), chain);
});

test('[B3] a chain forgets its oldest links beyond the bound', () => {
  let chain: EpochChain = [];
  for (let offset = 1; offset <= CHAIN_LINKS_MAX + 3; offset += 1)
    chain = extendChain(chain, { offset, epoch: `e${offset}` });
  assert.equal(chain.length, CHAIN_LINKS_MAX);
  assert.equal(epochAt(chain, 3), undefined);
});

test('[B3] a text that is no chain is refused', () => {
  for (const text of ['A', 'A:0', 'A:5,B:5', 'A:9,B:5', 'a b:1', 'A:1,'])
    assert.equal(parseChain(text), undefined);
});
