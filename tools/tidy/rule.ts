import type ts from 'typescript';
import type { Finding } from './finding.ts';
import type { SourceFile } from './source-file.ts';
import type { Tree } from './tree.ts';

/** A rule about one piece of syntax: says what is wrong with `node`, which is called for every node of every file. */
export type NodeRule = {
  readonly name: string;
  inspect(node: ts.Node, file: SourceFile): string | undefined;
};

/** A rule about files, folders, or what they have to do with each other. */
export type TreeRule = {
  readonly name: string;
  check(tree: Tree): Iterable<Finding>;
};
