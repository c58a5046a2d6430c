import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeCoverage, measureCoverage } from './spec-coverage.ts';
import { treeOf } from './tree.ts';

const SPEC = '- **S1** First.\n- **S2** Second.\n- **S3** Third.\n- **S4** Fourth, like **S9**.\n';

test('[Y11] lists the rules that no test cites', () => {
  const coverage = measureCoverage(
    treeOf({
      'packages/protocol/SPEC.md': SPEC,
      'a.test.ts': "test('[S1] one', f); test(`[S2, S3] two`, f); // '[S4]' is only spoken of",
      'a.ts': "'[S4] no test'",
    }),
  );
  assert.deepEqual(coverage.untested, ['S4']);
  assert.equal(describeCoverage(coverage), 'spec: 3 of 4 rules have a test (75 %); without a test: S4');
});

test('[Y11] counts the rules of a table of cases whose tests are named after them', () => {
  const name = ['`[$', '{rule}] x`'].join('');
  const cases = "const CASES = [{ rule: 'S1' }, { rule: 'S2' }];";
  const untested = (test: string): readonly string[] =>
    measureCoverage(treeOf({ 'packages/protocol/SPEC.md': SPEC, 'a.test.ts': test })).untested;
  assert.deepEqual(untested(`${cases} test(${name}, f);`), ['S3', 'S4']);
  assert.deepEqual(untested(cases), ['S1', 'S2', 'S3', 'S4']);
});

test('[Y11] a comment that cites a rule cites one that exists', () => {
  const { findings } = measureCoverage(
    treeOf({
      'packages/protocol/SPEC.md': SPEC,
      'a.ts': 'x;\n// see SPEC S7\n',
      'a.test.ts': "test('[S1] a', f); '[S2] '; '[S3] '; '[S4] '",
    }),
  );
  assert.deepEqual(
    findings.map(({ path, line, message }) => `${path}:${line} ${message}`),
    ['a.ts:2 SPEC.md has no rule S7'],
  );
});
