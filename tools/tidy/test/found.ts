import { checkNodes } from '../check-tree.ts';
import type { NodeRule, TreeRule } from '../rule.ts';
import { treeOf } from '../tree.ts';

/** What a rule finds in these files, as `path:line message`. For tests. */
export function found(
  rule: NodeRule | TreeRule,
  files: { readonly [path: string]: string },
): readonly string[] {
  const tree = treeOf(files);
  const findings =
    'check' in rule
      ? [...rule.check(tree)]
      : [...tree.sources.values()].flatMap(file => checkNodes(file, [rule]));
  return findings.map(({ path, line, message }) => `${path}:${line} ${message}`);
}
