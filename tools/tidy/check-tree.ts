import ts from 'typescript';
import { byPlace, type Finding } from './finding.ts';
import type { NodeRule, TreeRule } from './rule.ts';
import { bannedGlobals } from './rules/banned-globals.ts';
import { bannedSyntax } from './rules/banned-syntax.ts';
import { bannedWords } from './rules/banned-words.ts';
import { deadFiles } from './rules/dead-files.ts';
import { fileLength } from './rules/file-length.ts';
import { fileNames } from './rules/file-names.ts';
import { functionSize } from './rules/function-size.ts';
import { importCycles } from './rules/import-cycles.ts';
import { importRules } from './rules/import-rules.ts';
import { readmes } from './rules/readmes.ts';
import { suppressions } from './rules/suppressions.ts';
import { testNames } from './rules/test-names.ts';
import { unsafeTypes } from './rules/unsafe-types.ts';
import { lineOf, type SourceFile } from './source-file.ts';
import type { Tree } from './tree.ts';

const NODE_RULES: readonly NodeRule[] = [bannedGlobals, bannedSyntax, functionSize, testNames, unsafeTypes];
const TREE_RULES: readonly TreeRule[] = [
  bannedWords,
  deadFiles,
  fileLength,
  fileNames,
  importCycles,
  importRules,
  readmes,
  suppressions,
];

/** How many rules there are. */
export const RULE_COUNT: number = NODE_RULES.length + TREE_RULES.length;

/** Everything that is wrong with the tree, in order of place. */
export function checkTree(tree: Tree): readonly Finding[] {
  const findings = TREE_RULES.flatMap(rule => [...rule.check(tree)]);
  for (const file of tree.sources.values()) findings.push(...checkNodes(file, NODE_RULES));
  return findings.sort(byPlace);
}

/** What the node rules find in one file, in one walk. */
export function checkNodes(file: SourceFile, rules: readonly NodeRule[]): readonly Finding[] {
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    for (const rule of rules) {
      const message = rule.inspect(node, file);
      if (message !== undefined)
        findings.push({ path: file.path, line: lineOf(file.ast, node), rule: rule.name, message });
    }
    ts.forEachChild(node, visit);
  };
  visit(file.ast);
  return findings;
}
