import { entryPoints } from '../entry-points.ts';
import type { Finding } from '../finding.ts';
import type { TreeRule } from '../rule.ts';
import { resolveImport, type Tree } from '../tree.ts';

/** A file that no entry point reaches is dead; what only tests reach is dead too, unless it stands among the tests. */
export const deadFiles: TreeRule = {
  name: 'dead-file',
  *check(tree): Generator<Finding> {
    const files = [...tree.sources.values()];
    const live = reach(tree, [...entryPoints(tree)]);
    const tests = files.filter(file => /\.test\.tsx?$/.test(file.path)).map(file => file.path);
    const tested = reach(tree, [...live, ...tests]);
    for (const file of files) {
      if (live.has(file.path) || (file.isTest && tested.has(file.path))) continue;
      const message = tested.has(file.path) ? 'only tests import this file' : 'nothing imports this file';
      yield { path: file.path, line: 1, rule: 'dead-file', message };
    }
  },
};

function reach(tree: Tree, roots: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [...roots];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = tree.sources.get(path);
    if (file === undefined || seen.has(path)) continue;
    seen.add(path);
    for (const { specifier } of file.imports) {
      const target = resolveImport(tree, path, specifier);
      if (target !== undefined) waiting.push(target);
    }
  }
  return seen;
}
