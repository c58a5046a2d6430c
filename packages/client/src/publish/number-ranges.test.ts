import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { missingRanges, type NumberRange, withRange } from './number-ranges.ts';

const MOST = 30;
const number = fc.integer({ min: 1, max: MOST });
const range: fc.Arbitrary<NumberRange> = fc
  .tuple(number, fc.integer({ min: 0, max: 4 }))
  .map(([from, more]) => ({ from, to: from + more }));
const ranges = fc.array(range, { maxLength: 8 });

function numbersIn(all: readonly NumberRange[]): ReadonlySet<number> {
  return new Set(all.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, n) => from + n)));
}

test('[K16] what is missing is what no range has, in as few ranges as can be', () => {
  fc.assert(
    fc.property(ranges, range, (known, wanted) => {
      const missing = missingRanges(known, wanted);
      const has = numbersIn(known);
      const expected = [...numbersIn([wanted])].filter(one => !has.has(one));
      assert.deepEqual([...numbersIn(missing)], expected);
      for (const [at, { from }] of missing.entries()) assert.ok(from - 1 !== missing[at - 1]?.to);
    }),
  );
  assert.deepEqual(missingRanges([{ from: 3, to: 3 }], { from: 5, to: 4 }), []);
});

test('[K16] a range joins those that it meets, and the lowest goes where there are too many', () => {
  fc.assert(
    fc.property(ranges, added => {
      const all = added.reduce<readonly NumberRange[]>((before, one) => withRange(before, one, MOST), []);
      assert.deepEqual(
        [...numbersIn(all)],
        [...numbersIn(added)].sort((one, other) => one - other),
      );
      for (const [at, { from }] of all.entries()) assert.ok(at === 0 || from > (all[at - 1]?.to ?? 0) + 1);
    }),
  );
  const apart = [1, 3, 5].map(one => ({ from: one, to: one }));
  assert.deepEqual(withRange(apart, { from: 7, to: 7 }, 2), [
    { from: 5, to: 5 },
    { from: 7, to: 7 },
  ]);
});
