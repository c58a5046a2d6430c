import ts from 'typescript';
import type { NodeRule } from '../rule.ts';

/** What cannot be erased to JavaScript, default exports, and re-exports outside a package's public door. */
export const bannedSyntax: NodeRule = {
  name: 'banned-syntax',
  inspect(node, file) {
    if (ts.isEnumDeclaration(node)) return 'no enum: use an `as const` object';
    if (
      ts.isModuleDeclaration(node) &&
      (node.flags & ts.NodeFlags.GlobalAugmentation) === 0 &&
      ts.isIdentifier(node.name)
    ) {
      return 'no namespace: use a module';
    }
    if (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent))
      return 'no parameter property';
    if (isDefaultExport(node) && !isK6(file.path)) return 'no default export';
    if (
      ts.isExportDeclaration(node) &&
      node.moduleSpecifier !== undefined &&
      !/(^|\/)src\/index\.ts$/.test(file.path)
    ) {
      return "no re-export outside a package's src/index.ts";
    }
    return undefined;
  },
};

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(m => m.kind === ts.SyntaxKind.DefaultKeyword)
  );
}

/** k6 calls a script's default export. */
function isK6(path: string): boolean {
  return path.startsWith('load-tests/');
}
