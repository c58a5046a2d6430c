import ts from 'typescript';
import { readImports, type SourceImport } from './source-import.ts';

/** One TypeScript file, parsed but not type-checked. */
export type SourceFile = {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly lineCount: number;
  readonly ast: ts.SourceFile;
  readonly imports: readonly SourceImport[];
  /** A test, or something that only tests use. */
  readonly isTest: boolean;
};

/** Parses `text`; syntax errors are left to the compiler. */
export function parseSource(path: string, text: string): SourceFile {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const ast = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
  const lineCount = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return { path, text, lineCount, ast, imports: readImports(ast), isTest: isTestPath(path) };
}

/** Line of a node, from 1. */
export function lineOf(ast: ts.SourceFile, node: ts.Node): number {
  return ast.getLineAndCharacterOfPosition(node.getStart(ast)).line + 1;
}

function isTestPath(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || /(^|\/)tests?\//.test(path) || path.startsWith('packages/testkit/');
}
