import assert from 'node:assert/strict';
import { test } from 'node:test';
import { found } from '../test/found.ts';
import { findCycles, importCycles } from './import-cycles.ts';

test('[Y1] no file reaches itself, not even by types', () => {
  const cycles = found(importCycles, {
    'packages/x/src/a.ts': "import type { B } from './b.ts';",
    'packages/x/src/b.ts': "import { c } from './c.ts';",
    'packages/x/src/c.ts': "import { a } from '@kittiwake/x/a';",
    'packages/x/src/d.ts': "import { a } from './a.ts';",
  });
  assert.deepEqual(cycles, [
    'packages/x/src/a.ts:1 packages/x/src/a.ts ↔ packages/x/src/b.ts ↔ packages/x/src/c.ts',
  ]);
});

test('[Y1] a diamond is no cycle, a file that imports itself is', () => {
  const diamond = new Map([
    ['a', ['b', 'c']],
    ['b', ['d']],
    ['c', ['d']],
    ['d', []],
  ]);
  assert.deepEqual(findCycles(diamond), []);
  assert.deepEqual(findCycles(new Map([['a', ['a']]])), [['a']]);
});

test('[Y1] two cycles that do not touch are two findings', () => {
  const edges = new Map([
    ['a', ['b']],
    ['b', ['a']],
    ['c', ['d', 'a']],
    ['d', ['c']],
  ]);
  assert.deepEqual(
    findCycles(edges)
      .map(cycle => [...cycle].sort().join())
      .sort(),
    ['a,b', 'c,d'],
  );
});
