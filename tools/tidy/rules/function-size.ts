import ts from 'typescript';
import type { NodeRule } from '../rule.ts';
import type { SourceFile } from '../source-file.ts';

const LINES_MAX = 40;
const PARAMETERS_MAX = 3;

/** A function decides or computes, in at most 40 lines, of at most three things that cannot be mixed up. */
export const functionSize: NodeRule = {
  name: 'function-size',
  inspect(node, file) {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return undefined;
    // A callback has the parameters that whoever calls it gives.
    const isCallback = ts.isCallExpression(node.parent) || ts.isNewExpression(node.parent);
    const parameters = node.parameters.filter(parameter => parameter.name.getText() !== 'this').length;
    if (!isCallback && parameters > PARAMETERS_MAX) {
      return `${parameters} parameters, at most ${PARAMETERS_MAX}: use an options object`;
    }
    const lines = countLines(node, file);
    if (lines <= LINES_MAX || (isCallback && isSuite(node.parent)) || (file.isTest && listsTests(node.body)))
      return undefined;
    return `${lines} lines, at most ${LINES_MAX}`;
  },
};

function countLines(node: ts.Node, file: SourceFile): number {
  const first = file.ast.getLineAndCharacterOfPosition(node.getStart(file.ast)).line;
  return file.ast.getLineAndCharacterOfPosition(node.end).line - first + 1;
}

/** A contract suite is a function that lists tests, for each implementation to call. */
function listsTests(body: ts.Node): boolean {
  return (
    ts.isBlock(body) &&
    body.statements.some(statement => /^(test|it|describe|suite)\(/.test(statement.getText()))
  );
}

/** A suite only lists its tests. */
function isSuite(node: ts.Node): boolean {
  return ts.isCallExpression(node) && /^(describe|suite)\b/.test(node.expression.getText());
}
