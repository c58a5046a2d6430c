import assert from 'node:assert/strict';
import { test } from 'node:test';
import { epochAt } from '@kittiwake/protocol';
import { parseChain } from './epoch-chain.ts';

test('[B3] the chain names the history that wrote an offset', () => {
  const chain = parseChain('A:1,B:50');
  assert.ok(chain !== undefined);
  assert.deepEqual([epochAt(chain, 1), epochAt(chain, 49), epochAt(chain, 50)], ['A', 'A', 'B']);
});

test('[B3] a text that is no chain is refused', () => {
  for (const text of ['A', 'A:0', 'A:5,B:5', 'A:9,B:5', 'a b:1', 'A:1,'])
    assert.equal(parseChain(text), undefined);
});
