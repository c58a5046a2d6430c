import ts from 'typescript';
import type { NodeRule } from '../rule.ts';

/** `any` and `!` switch the compiler off where it is needed most: use `unknown` and a decoder, or `assertExists`. */
export const unsafeTypes: NodeRule = {
  name: 'unsafe-type',
  inspect(node) {
    if (node.kind === ts.SyntaxKind.AnyKeyword) return 'no any: use unknown and narrow it';
    if (ts.isNonNullExpression(node)) return 'no `!`: use assertExists';
    if (
      (ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) &&
      node.exclamationToken !== undefined
    ) {
      return 'no definite assignment: give it a value';
    }
    return undefined;
  },
};
