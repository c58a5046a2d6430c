import ts from 'typescript';
import type { NodeRule } from '../rule.ts';
import type { SourceFile } from '../source-file.ts';

/** What gives time or chance, and where to get it instead. */
const TIME_AND_CHANCE: { readonly [text: string]: string } = {
  'Date.now': 'inject Clock',
  'performance.now': 'inject Clock',
  'Math.random': 'inject Random',
  setTimeout: 'inject Clock',
  setInterval: 'inject Clock and use every()',
};

/** Time and chance are dependencies: outside packages/base they are injected, so that tests own them. Settings are read in one place. */
export const bannedGlobals: NodeRule = {
  name: 'banned-global',
  inspect(node, file) {
    if (ts.isPropertyAccessExpression(node) && node.getText() === 'process.env') {
      return mayReadEnvironment(file)
        ? undefined
        : 'process.env is read in config/, main.ts, scripts and tests only';
    }
    if (isRealTime(file.path)) return undefined;
    if (
      ts.isNewExpression(node) &&
      node.expression.getText() === 'Date' &&
      (node.arguments ?? []).length === 0
    ) {
      return 'new Date() reads the clock: inject Clock';
    }
    const text = namedGlobal(node);
    const instead = text === undefined ? undefined : TIME_AND_CHANCE[text];
    return instead === undefined ? undefined : `${text}: ${instead}`;
  },
};

/** `a.b` as it stands, or an identifier that is called or passed on by its own name (`globalThis.x` counts as `x`). */
function namedGlobal(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.getText().replace(/^(globalThis|window|self)\./, '');
  if (!ts.isIdentifier(node)) return undefined;
  const parent = node.parent;
  const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
  const isName = 'name' in parent && parent.name === node && !ts.isShorthandPropertyAssignment(parent);
  return isMember || isName || ts.isImportSpecifier(parent) || ts.isTypeQueryNode(parent)
    ? undefined
    : node.text;
}

/** packages/base is where the clock is made; k6 scripts and the demo page run in a world of their own. */
function isRealTime(path: string): boolean {
  return (
    path.startsWith('packages/base/src/') || path.startsWith('load-tests/') || path.includes('/dev/page/')
  );
}

function mayReadEnvironment(file: SourceFile): boolean {
  return (
    file.isTest || /(^|\/)(config|scripts|tools|infra)\//.test(file.path) || /(^|\/)main\.ts$/.test(file.path)
  );
}
