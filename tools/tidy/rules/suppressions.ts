import type { Finding } from '../finding.ts';
import type { TreeRule } from '../rule.ts';

/** Comments that silence a tool, in pieces, so that this file does not break its own rule. */
const SUPPRESSIONS = [
  '@ts-' + 'ignore',
  '@ts-' + 'nocheck',
  '@ts-' + 'expect-error',
  'biome-' + 'ignore',
  'eslint-' + 'disable',
];
/** Tests may expect a type error: that is how a type is tested. */
const ALLOWED_IN_TESTS = '@ts-' + 'expect-error';

/** Nobody silences the compiler or the linter: the code is changed, or the rule is. */
export const suppressions: TreeRule = {
  name: 'suppression',
  *check(tree): Generator<Finding> {
    for (const { path, text, isTest } of tree.sources.values()) {
      for (const word of SUPPRESSIONS) {
        const at = text.indexOf(word);
        if (at === -1 || (isTest && word === ALLOWED_IN_TESTS)) continue;
        const line = text.slice(0, at).split('\n').length;
        yield { path, line, rule: 'suppression', message: `${word} is not allowed` };
      }
    }
  },
};
