import ts from 'typescript';

/** One module that a file names: by import, type import, re-export, `import()`, or `new URL('…', import.meta.url)`. */
export type SourceImport = { readonly specifier: string; readonly line: number };

/** All modules that a file names, in order. */
export function readImports(ast: ts.SourceFile): readonly SourceImport[] {
  const found: SourceImport[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) {
      found.push({ specifier, line: ast.getLineAndCharacterOfPosition(node.getStart(ast)).line + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(ast);
  return found;
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literal(node.moduleSpecifier);
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? literal(node.argument.literal) : undefined;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return literal(node.arguments[0]);
  if (ts.isNewExpression(node) && node.expression.getText() === 'URL') return moduleUrl(node.arguments ?? []);
  return undefined;
}

/** Files that run as workers or processes are named by URL; anything else that is named so is data. */
function moduleUrl([file, base]: readonly ts.Expression[]): string | undefined {
  const specifier = literal(file);
  const isModule = specifier !== undefined && /^\.{1,2}\/.*\.tsx?$/.test(specifier);
  return isModule && base?.getText() === 'import.meta.url' ? specifier : undefined;
}

function literal(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}
