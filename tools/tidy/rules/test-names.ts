import ts from 'typescript';
import type { NodeRule } from '../rule.ts';

const RULE_ID = /^(\[[A-Z]\d+(, [A-Z]\d+)*\])+ \S/;
const RUNNER = /^(test|it)(\.(only|skip|todo))?$/;

/** A test says which rule it shows, and none is switched off or run alone. */
export const testNames: NodeRule = {
  name: 'test-name',
  inspect(node, file) {
    if (!/\.test\.tsx?$/.test(file.path) || !ts.isCallExpression(node)) return undefined;
    const callee = node.expression.getText();
    if (/^(test|it|describe|suite)\.(only|skip|todo)$/.test(callee)) return `${callee}: run it, or delete it`;
    if (!RUNNER.test(callee)) return undefined;
    if (node.arguments.some(isSwitchedOff))
      return 'a test that is switched off for good: run it, or delete it';
    const name = beginning(node.arguments[0]);
    return name === undefined || RULE_ID.test(name)
      ? undefined
      : 'the name begins with the id of a rule, as in `[S7] closes …`';
  },
};

/** The text that a test's name begins with; `undefined` where it is not written down. */
function beginning(node: ts.Expression | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  // What is filled in counts as a word; an id that is itself filled in cannot be read here.
  if (!ts.isTemplateExpression(node) || node.head.text.endsWith('[')) return undefined;
  return node.head.text === '' ? undefined : `${node.head.text}…`;
}

/** `{ skip: true }`, `{ skip: 'why' }` and the like; a condition is allowed, since some suites need what a machine may lack. */
function isSwitchedOff(argument: ts.Expression): boolean {
  if (!ts.isObjectLiteralExpression(argument)) return false;
  return argument.properties.some(
    property =>
      ts.isPropertyAssignment(property) &&
      /^(skip|only|todo)$/.test(property.name.getText()) &&
      (property.initializer.kind === ts.SyntaxKind.TrueKeyword ||
        ts.isStringLiteralLike(property.initializer)),
  );
}
