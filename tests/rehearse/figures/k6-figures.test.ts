import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isKept } from '../../drill/report/promises.ts';
import { k6Figures } from './k6-figures.ts';

const count = (n: number) => ({ values: { count: n } });
const WHOLE = {
  kittiwake_delivered_publications: count(900),
  kittiwake_lost_publications: count(0),
  kittiwake_duplicated_publications: count(0),
  kittiwake_reordered_publications: count(0),
  kittiwake_cut_sessions: count(40),
  kittiwake_resume_ms: { values: { 'p(95)': 120.456 } },
};

test('[V3] what k6 counted is told as it is, and nothing that it did not', () => {
  const figures = k6Figures({ metrics: WHOLE });
  assert.ok(figures.every(isKept));
  const told = figures.map(({ value }) => value);
  assert.deepEqual(told, [900, 0, 0, 0, 40, 120.46, 0]);
});

for (const name of ['lost', 'duplicated', 'reordered']) {
  test(`[V2] one publication ${name} by k6’s count falls short`, () => {
    const figures = k6Figures({ metrics: { ...WHOLE, [`kittiwake_${name}_publications`]: count(1) } });
    assert.deepEqual(
      figures.filter(figure => !isKept(figure)).map(({ what }) => what),
      [`k6: ${name}`],
    );
  });
}
