import { posix } from 'node:path';
import { parseSource, type SourceFile } from './source-file.ts';

/** Everything that the rules look at, read once. */
export type Tree = {
  /** TypeScript files by path. */
  readonly sources: ReadonlyMap<string, SourceFile>;
  /** Text of every text file, TypeScript included, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Folders that hold a file, directly or deeper. */
  readonly folders: ReadonlySet<string>;
};

/** Makes a tree of files, by path. */
export function treeOf(files: { readonly [path: string]: string }): Tree {
  const texts = new Map(Object.entries(files));
  const sources = new Map<string, SourceFile>();
  const folders = new Set<string>();
  for (const [path, text] of texts) {
    if (/\.tsx?$/.test(path) && !path.endsWith('.d.ts')) sources.set(path, parseSource(path, text));
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder))
      folders.add(folder);
  }
  return { sources, texts, folders };
}

/** The repository's path of what `specifier`, named in the file `from`, stands for; `undefined` where it is none of ours. */
export function resolveImport(tree: Tree, from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  const [, name, entry] = /^@kittiwake\/([^/]+)(?:\/(.+))?$/.exec(specifier) ?? [];
  if (name === undefined) return undefined;
  const folder = ['packages', 'services', '.']
    .map(parent => posix.join(parent, name))
    .find(path => tree.folders.has(path));
  return folder === undefined ? undefined : posix.join(folder, 'src', `${entry ?? 'index'}.ts`);
}
